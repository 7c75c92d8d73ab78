using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Intake.People;

/// <summary>What one row says of a member. It is never written out: a log is no place for a person.</summary>
/// <param name="Place">The row, for the rejects.</param>
/// <param name="Id">Theirs; null where the first of the keys says who they are.</param>
internal sealed record IncomingMember(
    RowPlace Place, string? Id, string? Name, DateOnly? Birthday, string? Language, Instant? Joined, string? Store, string? Staff, MemberChannel? Channel,
    IReadOnlyList<ClaimedKey> Keys, IReadOnlyList<IncomingConsent> Consents, IncomingOwner? Owner)
{
    public override string ToString() => "a member who comes in";
}

internal sealed record IncomingConsent(string Purpose, bool Given, string Wording, Instant At);

internal sealed record IncomingOwner(string Kind, StoreId Store, StaffId? Staff, Instant At);
