using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Access.Keys;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Members.Verification;

/// <param name="Verdict">What came of the code.</param>
/// <param name="Key">The key that is proved, if the code was right.</param>
/// <param name="TriesLeft">After a wrong one.</param>
public sealed record CheckAnswer(CodeVerdict Verdict, MemberKey? Key = null, int TriesLeft = 0);

/// <summary>
/// Weighs a code that somebody typed. Each one is counted in a turn of the brand's writer, in the same commit that answers, so that of
/// two hundred who guess at once five are weighed. No member is looked up.
/// </summary>
public sealed class CheckCode(HashSecret secrets, ChallengeTokens tokens, TimeProvider time)
{
    private const int MostLettersOfCode = 50;

    private static readonly CheckAnswer NotGood = new(CodeVerdict.Expired);

    public async Task<CheckAnswer> RunAsync(BrandDatabase brand, string challenge, string code, VerificationPurpose purpose, CancellationToken stop)
    {
        if (tokens.Read(brand.Name, purpose, challenge) is not var (id, key)) return NotGood;
        var typed = (await VerificationHashes.OfAsync(secrets, brand.Name, stop)).OfCode(id, Plain(code));
        // Looked up first without the writer's turn, so that whoever guesses on and on does not hold up sales.
        await using (var look = await brand.BeginReadAsync(stop))
        {
            if (await WeighAsync(look, id, typed, stop) is not var (row, weighed)) return NotGood;
            if (weighed.After.Tries == row.Tries) return new(weighed.Verdict);
        }
        await using var turn = await brand.BeginWriteAsync(stop);
        if (await WeighAsync(turn, id, typed, stop) is not var (before, now)) return NotGood;
        if (now.After.Tries == before.Tries) return new(now.Verdict);
        if (await SaveAsync(turn, before, now.After, stop) != 1) throw new InvalidOperationException($"{before} was weighed twice at once: the writer's turns do not follow one another.");
        await turn.CommitAsync(stop);
        return new(now.Verdict, now.Verdict == CodeVerdict.Right ? key : null, now.TriesLeft);
    }

    private async Task<(VerificationRow Row, Weighed Weighed)?> WeighAsync(Turn turn, string id, string typed, CancellationToken stop)
    {
        var now = new Instant(time.GetUtcNow().UtcTicks);
        await using var books = turn.Books();
        if (await books.Verifications.SingleOrDefaultAsync(one => one.Id == id, stop) is not { } row) return null;
        var tries = await turn.CountAsync(
            "select coalesce(sum(tries), 0) from verification where key_hash = @key and sent_at_ticks > @day", stop,
            ("key", row.KeyHash), ("day", now.Ticks - VerificationRules.CountedForTicks));
        var matches = CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(typed), Encoding.ASCII.GetBytes(row.CodeHash));
        return (row, VerificationRules.Weigh(new Challenge(new Instant(row.SentAtTicks), row.Tries, row.Ended), (int)tries, matches, now));
    }

    private static Task<int> SaveAsync(Turn turn, VerificationRow before, Challenge after, CancellationToken stop) => turn.ExecuteAsync(
        "update verification set tries = @tries, ended = @ended where id = @id and tries = @before and ended = @open", stop,
        ("tries", after.Tries), ("ended", (short)after.End), ("id", before.Id), ("before", before.Tries), ("open", (short)ChallengeEnd.Open));

    /// <summary>As phones and keyboards write digits: with spaces or a dash between, or in full width.</summary>
    private static string Plain(string code) => code.Length > MostLettersOfCode || code.Any(char.IsSurrogate)
        ? ""
        : string.Concat(code.Normalize(NormalizationForm.FormKC).Where(letter => !char.IsWhiteSpace(letter) && letter != '-'));
}
