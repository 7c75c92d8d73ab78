using Tokamak.App.Data;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Live;

/// <summary>A fact that may be stored by the batch at hand: one that has arrived, or one that was parked and may fit now.</summary>
internal sealed class Candidate(Fact fact, string body, string? sender, ParkedRow? parked)
{
    public Fact Fact => fact;
    public string Body => body;
    public string? Sender => sender;

    /// <summary>How it is parked, if it is.</summary>
    public ParkedRow? Parked => parked;

    /// <summary>Whom it is about, once that is known; a void is about whom the voided fact is about.</summary>
    public string? Member { get; set; }
    public string? Sale { get; set; }

    /// <summary>The fact that a void voids.</summary>
    public Fact? Voided { get; set; }

    public string? Refusal { get; private set; }

    /// <summary>What it waits for (<see cref="Live.WaitsFor"/>), with the reason; null while it may be stored.</summary>
    public (string For, string Reason)? Waits { get; private set; }

    public bool IsIn => Refusal is null && Waits is null;

    public void Refuse(string reason) => Refusal = reason;

    public void Wait(string waitsFor, string reason) => Waits = (waitsFor, reason);
}
