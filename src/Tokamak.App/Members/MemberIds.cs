using System.Security.Cryptography;
using Tokamak.Core.Members;

namespace Tokamak.App.Members;

/// <summary>Ids of new members: they say nothing about the person, nor about how many there are.</summary>
internal static class MemberIds
{
    private const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 16;

    public static MemberId Fresh() => new("M" + RandomNumberGenerator.GetString(Letters, Length));
}
