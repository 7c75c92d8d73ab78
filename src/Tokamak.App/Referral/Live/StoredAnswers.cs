using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Referral.Live;

/// <summary>What was answered to requests with a key: the same request is answered the same again, without being done again.</summary>
internal sealed class StoredAnswers
{
    /// <summary>For so long a request may be sent again.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private const int MostDeleted = 10_000;

    private readonly Dictionary<(string Sender, string Request), string> _hashes = [];
    private readonly Dictionary<(string Sender, string Request, int Number), IReadOnlyList<FactAnswer>> _answers = [];
    private readonly List<AnswerRow> _new = [];

    public static async Task<StoredAnswers> LoadAsync(Turn turn, IEnumerable<RequestKey> keys, CancellationToken stop)
    {
        var stored = new StoredAnswers();
        var requests = keys.Select(key => key.Request).Distinct().ToList();
        if (requests.Count == 0) return stored;
        await using var books = turn.Books();
        foreach (var row in await books.Answers.Where(row => requests.Contains(row.Request)).ToListAsync(stop))
        {
            stored._hashes[(row.Sender, row.Request)] = row.InputHash;
            stored._answers[(row.Sender, row.Request, row.Part)] = Read(row.Body);
        }
        return stored;
    }

    /// <summary>Was the key used with other input, in a commit before or by a part that stands before it in this one?</summary>
    public bool IsUsed(RequestKey key)
    {
        if (_hashes.TryAdd((key.Sender, key.Request), key.InputHash)) return false;
        return _hashes[(key.Sender, key.Request)] != key.InputHash;
    }

    public IReadOnlyList<FactAnswer>? Find(RequestKey key) => _answers.GetValueOrDefault((key.Sender, key.Request, key.Number));

    public void Add(RequestKey key, IReadOnlyList<FactAnswer> answers, Instant now)
    {
        if (!_answers.TryAdd((key.Sender, key.Request, key.Number), answers)) return;
        _new.Add(new AnswerRow { Sender = key.Sender, Request = key.Request, Part = key.Number, InputHash = key.InputHash, Body = Write(answers), AtTicks = now.Ticks });
    }

    public Task SaveAsync(Turn turn, CancellationToken stop) => turn.InsertAsync(_new, stop);

    /// <summary>Forgets what is older than anybody sends again.</summary>
    /// <returns>Whether there is more to forget.</returns>
    public static async Task<bool> ForgetAsync(Turn turn, Instant now, CancellationToken stop) =>
        await turn.ExecuteAsync(
            "delete from answer where (sender, request, part) in (select sender, request, part from answer where at_ticks < @before order by at_ticks limit @most)",
            stop, ("before", now.Ticks - Kept.Ticks), ("most", MostDeleted)) == MostDeleted;

    // A list of [status, reason], without the reason where there is none.
    private static string Write(IReadOnlyList<FactAnswer> answers) =>
        JsonSerializer.Serialize(answers.Select(answer => answer.Reason is null ? new[] { answer.Status.ToString() } : [answer.Status.ToString(), answer.Reason]));

    private static List<FactAnswer> Read(string body) =>
        [.. JsonSerializer.Deserialize<string[][]>(body)!.Select(answer => new FactAnswer(Enum.Parse<FactStatus>(answer[0]), answer.Length > 1 ? answer[1] : null))];
}
