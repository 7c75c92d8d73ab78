using Tokamak.Core.Referral;

namespace Tokamak.App.Access;

/// <summary>What a person of the brand's staff does, and so what they may see.</summary>
public enum AccountRole
{
    /// <summary>Head office: everything, people and roles included.</summary>
    Hq,

    /// <summary>Everything about pay; no people and roles.</summary>
    Finance,

    /// <summary>The own store, its clerks and sales.</summary>
    Manager,

    /// <summary>The own statement and the sales that it rests on.</summary>
    Clerk,
}

/// <summary>
/// A person who may sign in to one brand. Without a password they were invited and have not come yet (or were reset). Accounts are
/// switched off, never deleted: the audit log names them.
/// </summary>
public sealed class Account
{
    public required Guid Id { get; init; }
    public required string Brand { get; init; }
    public AccountRole Role { get; set; }

    /// <summary>Who this is on the brand's roster; managers and clerks always have one.</summary>
    public StaffId? Staff { get; set; }

    /// <summary>What is typed to sign in; null until the invitation is taken.</summary>
    public string? SignInName { get; set; }

    /// <summary><see cref="SignInName"/> in capitals, unique in the brand.</summary>
    public string? NormalizedName { get; set; }

    public string DisplayName { get; set; } = "";
    public string? PasswordHash { get; set; }

    /// <summary>Changes with the password, the role and whatever else must end every session.</summary>
    public string SecurityStamp { get; set; } = "";

    /// <summary>Changes with every write, so that two of them do not undo each other.</summary>
    public string Version { get; set; } = "";
    public bool Enabled { get; set; } = true;
    public int FailedSignIns { get; set; }
    public DateTime? LockedUntilUtc { get; set; }
    public bool TwoFactor { get; set; }
    public string? TotpKey { get; set; }

    /// <summary>The half minute since 1970 whose code was taken last; codes up to it are used up.</summary>
    public long LastTotpStep { get; set; }

    /// <summary>SHA-256 of each recovery code that is left, separated by <c>;</c>.</summary>
    public string RecoveryCodes { get; set; } = "";
    public DateTime CreatedAtUtc { get; init; }
    public DateTime? LastSignInAtUtc { get; set; }

    public bool HasCome => PasswordHash is not null;
}

/// <summary>A passkey of an account; the public half, as the browser gave it.</summary>
public sealed class Passkey
{
    public required byte[] CredentialId { get; init; }
    public required Guid Account { get; init; }
    public required byte[] PublicKey { get; init; }
    public string? Name { get; set; }
    public DateTime CreatedAtUtc { get; init; }
    public long SignCount { get; set; }

    /// <summary>How the device is reached, separated by <c>;</c>.</summary>
    public string Transports { get; init; } = "";
    public bool UserVerified { get; set; }
    public bool BackupEligible { get; init; }
    public bool BackedUp { get; set; }
}

/// <summary>A one-time link by which the person of an account chooses a name and a password. The link's token is kept as a hash only.</summary>
public sealed class Invitation
{
    public required string TokenHash { get; init; }
    public required Guid Account { get; init; }

    /// <summary>The account that invited; null for the command line.</summary>
    public Guid? InvitedBy { get; init; }
    public DateTime CreatedAtUtc { get; init; }
    public DateTime ExpiresAtUtc { get; init; }
    public DateTime? UsedAtUtc { get; set; }
}

/// <summary>A key of the ring that protects cookies and forms, shared by every node of this catalogue.</summary>
public sealed class ProtectionKey
{
    public required string Name { get; init; }
    public required string Xml { get; init; }
}
