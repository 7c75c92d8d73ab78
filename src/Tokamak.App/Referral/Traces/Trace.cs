using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Traces;

/// <summary>
/// Why a sale's credit and pay went where they went, in words a clerk reads on a phone: for those who got something and
/// for those who might have expected something. Written from the very decisions that made the rows.
/// </summary>
public sealed record Trace(FactId Sale, IReadOnlyList<TraceSection> Sections)
{
    /// <summary>Whose pay it tells.</summary>
    public IEnumerable<Party> PaidParties => Sections.SelectMany(section => section.Entries).Select(entry => entry.PayOf).OfType<Party>();
}

/// <summary>A part of a trace under its own heading.</summary>
public sealed record TraceSection(string Heading, IReadOnlyList<TraceEntry> Entries);

/// <summary>One party's or one fact's sentence.</summary>
/// <param name="Who">Name of the clerk or store; empty where the entry is about nobody.</param>
/// <param name="Outcome">Did they get it?</param>
/// <param name="Sentence">What happened and why.</param>
/// <param name="Rule">The rules that say so, such as <c>R4.4</c>.</param>
/// <param name="Next">What they can do; null where there is nothing to do.</param>
/// <param name="Amount">Credit or pay in whole units, where it is about money.</param>
/// <param name="Role">The role, where it is about one.</param>
/// <param name="Fact">The fact it rests on.</param>
/// <param name="Day">The day of it.</param>
/// <param name="PayOf">Whose pay it tells, or why there was none: not for everybody's eyes. Null where it is not about pay.</param>
public sealed record TraceEntry(
    string Who, TraceOutcome Outcome, string Sentence, string Rule, string? Next, Int128? Amount, Role? Role, FactId? Fact, DateOnly? Day,
    Party? PayOf = null);

public enum TraceOutcome { Given, NotGiven, Note }
