using Tokamak.App.Access.Keys;
using Tokamak.Core.Members;
using Tokamak.Core.Referral;

namespace Tokamak.App.Access;

/// <summary>Who looks at a page. <c>Store</c> is where the roster has their <c>Staff</c> now; what they may see follows from these alone.</summary>
public sealed record Viewer(Guid Account, string Name, AccountRole Role, string Brand, StaffId? Staff, StoreId? Store);

/// <summary>What is known of a request: the brand it is for (by host name), and the person, once their session was checked.</summary>
public sealed class Visit
{
    public string? Brand { get; set; }
    public Viewer? Viewer { get; set; }

    /// <summary>The member of the brand who is signed in to their own pages, once their session was checked.</summary>
    public MemberId? Member { get; set; }

    /// <summary>The key that the request came with, once it was checked; such a request has no viewer.</summary>
    public ApiKey? Key { get; set; }

    public static Visit Of(HttpContext request)
    {
        if (request.Features.Get<Visit>() is { } visit) return visit;
        request.Features.Set(visit = new Visit());
        return visit;
    }
}

/// <summary>The member who is signed in, whom whoever keeps members hands in; null: nobody is.</summary>
public delegate ValueTask<MemberId?> MemberOfRequest(HttpContext request);

/// <summary>The brand that a request is for, usually by its host name; null where there is none.</summary>
public delegate ValueTask<string?> BrandOfRequest(HttpContext request);

/// <summary>Where somebody on the roster is now, or was last.</summary>
public sealed record StaffPlace(StaffId Staff, string Name, StoreId Store, string StoreName, bool Employed);

/// <summary>The brand's roster, as far as accounts need it: whoever keeps it hands these two in.</summary>
/// <param name="FindAsync">Null for somebody who was never on it. Asked at every request: keep it fast.</param>
/// <param name="ListAsync">Everybody, to choose from.</param>
public sealed record StaffPlaces(
    Func<string, StaffId, CancellationToken, ValueTask<StaffPlace?>> FindAsync,
    Func<string, CancellationToken, ValueTask<IReadOnlyList<StaffPlace>>> ListAsync);
