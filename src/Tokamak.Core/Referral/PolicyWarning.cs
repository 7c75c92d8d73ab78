namespace Tokamak.Core.Referral;

/// <summary>What a valid version lets people gain, or lose, in a way that a brand seldom means: where it stands, by which rule, and the figures.</summary>
public abstract record PolicyWarning(MechanismPart Part, string Rule);

/// <summary>A member won by a kind without a lock can be taken over in the same minute (R4).</summary>
public sealed record Unlocked(string Kind, int Strength, Takeover Takeover) : PolicyWarning(MechanismPart.Lives, "R4");

/// <summary>After its lock, what a strong kind won goes to whoever does the weakest (R4, takeover any).</summary>
public sealed record WeakTakesStrong(string Weak, int WeakStrength, string Strong, int StrongStrength) : PolicyWarning(MechanismPart.Binding, "R4");

/// <summary>Nobody can take a member over, however long ago they were served (R4, takeover never); the longest life in days.</summary>
public sealed record NeverTakenOver(int LifeDays) : PolicyWarning(MechanismPart.Binding, "R4");

/// <summary>Owners have a share, and nothing makes anybody an owner but the member's own choice (R2).</summary>
public sealed record NobodyIsBound(int OwnerPercent) : PolicyWarning(MechanismPart.Services, "R2");

/// <summary>An act that costs nothing starts decay anew (R4.2, R7).</summary>
public sealed record CheapRenewal(string Kind, int Strength, int Strongest) : PolicyWarning(MechanismPart.Services, "R7");

/// <summary>One service keeps everybody else away for so long (R4).</summary>
public sealed record LongLock(string Kind, int LockDays) : PolicyWarning(MechanismPart.Lives, "R4");

/// <summary>The owner's share never falls while the binding lives (R7); the longest life in days.</summary>
public sealed record OwnerForEver(int OwnerPercent, int LifeDays) : PolicyWarning(MechanismPart.Lives, "R7");

/// <summary>Who serves less lately gets more: a later step of the decay is higher (R7).</summary>
public sealed record DecayRises(int Days, int Percent, int BeforePercent) : PolicyWarning(MechanismPart.Lives, "R7");

/// <summary>A link sent to everybody takes sales for so long (R8).</summary>
public sealed record LongLink(int LinkDays) : PolicyWarning(MechanismPart.Lives, "R8");

/// <summary>A code or a link comes before the clerk who closed the sale (R8).</summary>
public sealed record BeforeTheClerk(Channel Channel, CloserSource Source) : PolicyWarning(MechanismPart.Settled, "R8");

/// <summary>Clerks are paid for what they buy themselves (R8).</summary>
public sealed record SelfPurchaseAllowed() : PolicyWarning(MechanismPart.Settled, "R8");

/// <summary>Online commission is final before the goods may no longer be returned (R13).</summary>
public sealed record HoldShorterThanReturns(int HoldDays, int ReturnDays) : PolicyWarning(MechanismPart.Settled, "R13");

/// <summary>Once commission is final, no return takes it back (R13).</summary>
public sealed record NothingTakenBack(int ClawbackDays, int HoldDays) : PolicyWarning(MechanismPart.Settled, "R13");

/// <summary>Each handover is paid, however little it hands over (R12).</summary>
public sealed record HandoverWithoutMinimum(string? Grade, long Pay) : PolicyWarning(MechanismPart.Settled, "R12");

/// <summary>Handing over the least that counts pays a good part of it (R12).</summary>
public sealed record HandoverDear(string? Grade, long Pay, long MinNet) : PolicyWarning(MechanismPart.Settled, "R12");

/// <summary>A role has a share of the credit and no rate, so no pay (R12).</summary>
public sealed record ShareWithoutRate(Role Role) : PolicyWarning(MechanismPart.Settled, "R12");

/// <summary>A role has a rate and no share in any channel, so no pay (R12).</summary>
public sealed record RateWithoutShare(Role Role) : PolicyWarning(MechanismPart.Settled, "R12");

/// <summary>
/// One clerk in all roles of a sale gets so much of it (R9 keeps roles apart, and one person may hold all);
/// <paramref name="PayOf10000"/> is the commission on 10,000 units at the highest rates.
/// </summary>
public sealed record OneTakesMost(Channel Channel, int Percent, long PayOf10000) : PolicyWarning(MechanismPart.Divided, "R9");

/// <summary>
/// At a step of whole bands one unit more of credit changes the pay by so much (R14): reckoned at <paramref name="RateBps"/>, the
/// highest rate; negative where the step falls.
/// </summary>
public sealed record WholeCliff(long From, int BeforePercent, int AfterPercent, int RateBps, Int128 Jump) : PolicyWarning(MechanismPart.Divided, "R14");

/// <summary>Above a step of marginal bands each unit pays less than below it (R14).</summary>
public sealed record BandFalls(long From, int BeforePercent, int AfterPercent) : PolicyWarning(MechanismPart.Divided, "R14");

/// <summary>Clerks are paid nothing of the commission (R14).</summary>
public sealed record NothingToClerks() : PolicyWarning(MechanismPart.Divided, "R14");

/// <summary>The same member brings the bounty again and again (R15).</summary>
public sealed record BountyRepeats(string Kind, long Amount) : PolicyWarning(MechanismPart.Divided, "R15");

/// <summary>The bounty is paid though nothing is ever bought (R15).</summary>
public sealed record BountyForNothing(string Kind, long Amount) : PolicyWarning(MechanismPart.Divided, "R15");

/// <summary>The bounty is paid for a member whom somebody else keeps (R15).</summary>
public sealed record BountyUnbound(string Kind, long Amount) : PolicyWarning(MechanismPart.Divided, "R15");

/// <summary>The bounty asks for a binding that its kind cannot make (R2, R15).</summary>
public sealed record BountyNeverBound(string Kind, long Amount) : PolicyWarning(MechanismPart.Divided, "R15");

/// <summary>The purchase that earns the bounty may be smaller than the bounty (R15).</summary>
public sealed record BountyAbovePurchase(string Kind, long Amount, long MinNet) : PolicyWarning(MechanismPart.Divided, "R15");
