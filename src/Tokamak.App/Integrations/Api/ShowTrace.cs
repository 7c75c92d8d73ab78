using Tokamak.App.Referral.Pages;
using Tokamak.App.Referral.Reading;
using Tokamak.App.Referral.Traces;
using Tokamak.App.Web;
using Tokamak.Core.Referral;

namespace Tokamak.App.Integrations.Api;

/// <summary>One sentence of an explanation.</summary>
/// <param name="Outcome">Did they get it?</param>
/// <param name="Sentence">What happened and why, in the language of the answer.</param>
/// <param name="Rules">Numbers of the rules that say so, such as <c>R4.4</c>.</param>
/// <param name="Who">Name of the clerk or store it is about; absent where it is about nobody.</param>
/// <param name="Next">What they can do.</param>
/// <param name="Amount">Credit or pay, in whole units of the currency.</param>
/// <param name="Role">The role it is about.</param>
/// <param name="Fact">The fact it rests on.</param>
/// <param name="Day">The day of it.</param>
public sealed record TraceSentence(
    TraceOutcome Outcome, string Sentence, IReadOnlyList<string> Rules, string? Who = null, string? Next = null, long? Amount = null, Role? Role = null, string? Fact = null, DateOnly? Day = null);

/// <summary>A part of an explanation: its heading and sentences.</summary>
public sealed record TracePart(string Heading, IReadOnlyList<TraceSentence> Sentences);

/// <summary>Why the credit and pay of a sale went where they went.</summary>
/// <param name="Sale">Id of the sale.</param>
/// <param name="Language">Of the sentences: <c>zh-TW</c> or <c>en</c>.</param>
/// <param name="Waits">A late fact reached the sale: what is posted follows in a moment.</param>
/// <param name="Sections">Who had the member, who closed, who hosts, who handed over, what came later, what is paid; none for a voided sale.</param>
/// <param name="Policy">The version of the policy that governs it.</param>
/// <param name="VoidedBy">The fact that voided it.</param>
public sealed record TraceShown(string Sale, string Language, bool Waits, IReadOnlyList<TracePart> Sections, int? Policy = null, string? VoidedBy = null);

/// <summary><c>GET /api/v1/sales/{id}/trace</c>: why it went where it went, with the rules that say so.</summary>
internal static class ShowTrace
{
    public static async Task<IResult> AnswerAsync(HttpContext request, OpenBooks books)
    {
        var id = Links.IdOf(request, after: 1);
        if (await books.SaleAsync(new FactId(id), request.RequestAborted) is not { } story) return ShowSale.NoSale(id);
        if (story.IsTooLong)
            return new Refusal(StatusCodes.Status409Conflict, "too-long", $"The member of this sale has more than {ReadSale.MostFacts:N0} facts: 'tokamak explain' explains it from an export.");
        var language = Language.Asked(request);
        var trace = story.Around is { } around ? new TraceWriter(around, Texts.In(language), new Show(language, books.Known.Currency)).Of(story.Fact.Id, books.Scope) : null;
        request.Response.Headers.ContentLanguage = language.Code;
        request.Response.Headers.Append("Vary", "Accept-Language");
        return Reply.Fresh(request, new TraceShown(
            story.Row.Id, language.Code, story.Waits, [.. (trace?.Sections ?? []).Select(section => new TracePart(NameMarks.Plain(section.Heading), [.. section.Entries.Select(SentenceOf)]))],
            story.Row.Policy, story.VoidedBy?.Id.Value));
    }

    private static TraceSentence SentenceOf(TraceEntry entry) => new(
        entry.Outcome, NameMarks.Plain(entry.Sentence), entry.Rule.Split(' ', StringSplitOptions.RemoveEmptyEntries), entry.Who.Length == 0 ? null : NameMarks.Plain(entry.Who),
        entry.Next is null ? null : NameMarks.Plain(entry.Next), (long?)entry.Amount, entry.Role, entry.Fact?.Value, entry.Day);
}
