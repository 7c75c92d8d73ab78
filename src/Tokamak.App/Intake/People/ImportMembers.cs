using Tokamak.App.Data;
using Tokamak.App.Members;
using Tokamak.App.Referral.Posting;
using Tokamak.Core.Kernel;

namespace Tokamak.App.Intake.People;

/// <summary>What an import of members came to.</summary>
/// <param name="RowsRead">By source.</param>
/// <param name="Counts">What became of the rows that came in.</param>
/// <param name="UnlistedKinds">Kinds of owner that the policy does not list, so that they bind nobody.</param>
/// <param name="PairsBefore">Pairs of members who may be one person, for people to decide.</param>
/// <param name="Pairs">The same after the import.</param>
internal sealed record ImportedMembers(IReadOnlyDictionary<string, long> RowsRead, MemberCounts Counts, IReadOnlyList<string> UnlistedKinds, long PairsBefore, long Pairs);

/// <summary>
/// Brings the members of a brand's own files into its database. Batches are committed one by one, so that the brand's other writers
/// get their turns; an import that broke off is run again, and finds what is there.
/// </summary>
internal sealed class ImportMembers
{
    private const int RowsPerBatch = 10_000;

    private readonly MemberMapping _mapping;
    private readonly BrandDatabase _database;
    private readonly MemberRejects _rejects;
    private readonly RuleReading _reading;
    private readonly Dictionary<BoundRule, MemberBuilder> _builders = [];
    private readonly MemberCounts _counts = new();
    private readonly Instant _now = PostingVerbs.Now();
    private OwnerFacts? _owners;

    private ImportMembers(MemberMapping mapping, BrandDatabase database, KeyedIds? keys, MemberRejects rejects, IImportProgress? progress)
    {
        (_mapping, _database, _rejects) = (mapping, database, rejects);
        _reading = new RuleReading(mapping.Sources, new NumberStyle('.', null), keys, rejects.Rows, progress);
    }

    /// <param name="mapping">What is what in the files.</param>
    /// <param name="folder">Where they are.</param>
    /// <param name="database">Whose members.</param>
    /// <param name="keys">For keyed ids.</param>
    /// <param name="rejects">Takes what does not come in.</param>
    /// <param name="dryRun">Does all of it in one transaction that is given up: the counts are those of the import.</param>
    /// <param name="today">Taken for today; null: the clock says.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="stop">Gives up; batches before the one at hand stay.</param>
    /// <exception cref="WrongInputException">The mapping does not fit the files, or would take personal data as ids.</exception>
    public static async Task<ImportedMembers> RunAsync(
        MemberMapping mapping, string folder, BrandDatabase database, KeyedIds? keys, MemberRejects rejects, bool dryRun, DateOnly? today, IImportProgress? progress, CancellationToken stop)
    {
        var import = new ImportMembers(mapping, database, keys, rejects, progress);
        var pairsBefore = await import.PrepareAsync(folder, today, stop);
        var pairs = await import.TakeAllAsync(dryRun, stop);
        import._reading.ThrowIfPersonal();
        if (!dryRun && import._counts.Owners > 0)
        {
            progress?.Begin("deriving anew", 0);
            await PostFacts.WorkOffAsync(database, null, stop);
        }
        rejects.Finish();
        var unlisted = import._owners?.UnlistedOf(mapping.Rules.Select(rule => rule.Owner?.Kind).OfType<string>()) ?? [];
        return new ImportedMembers(import._reading.RowsRead, import._counts, unlisted, pairsBefore, pairs);
    }

    private async Task<long> PrepareAsync(string folder, DateOnly? today, CancellationToken stop)
    {
        await using var turn = await _database.BeginReadAsync(stop);
        turn.TimeoutSeconds = 0;
        var region = _mapping.Region ?? await Regions.OfAsync(turn, stop);
        if (_mapping.Rules.Any(rule => rule.Owner is not null)) _owners = await OwnerFacts.LoadAsync(turn, today, _now, stop);
        var latest = today is { } day ? _mapping.Zone.InstantOf(day.AddDays(1).ToDateTime(TimeOnly.MinValue)) : _now;
        foreach (var rule in _mapping.Rules)
        {
            var bound = _reading.Bind(rule);
            _builders.Add(bound, new MemberBuilder(_mapping, rule, bound.Compiler, region, latest, _rejects.Values.Add));
        }
        _reading.Open(folder);
        return await LikelySame.CountAsync(turn, stop);
    }

    /// <returns>How many pairs may be one person afterwards.</returns>
    private async Task<long> TakeAllAsync(bool dryRun, CancellationToken stop)
    {
        await using var never = dryRun ? await _database.BeginWriteAsync(stop) : null;
        foreach (var batch in Members().Chunk(RowsPerBatch))
        {
            _reading.ThrowIfPersonal();
            var turn = never ?? await _database.BeginWriteAsync(stop);
            try
            {
                await new MemberBatch(turn, _owners, _counts, _rejects.Rows.Add, _rejects.Values.Add, _now).RunAsync(batch, stop);
                if (!dryRun) await turn.CommitAsync(stop);
            }
            finally
            {
                if (!dryRun) await turn.DisposeAsync();
            }
            _rejects.Write();
        }
        if (never is not null) return await LikelySame.CountAsync(never, stop);
        await using var after = await _database.BeginReadAsync(stop);
        after.TimeoutSeconds = 0;
        return await LikelySame.CountAsync(after, stop);
    }

    private IEnumerable<IncomingMember> Members()
    {
        foreach (var (rule, outcome, row) in _reading.Read())
        {
            if (outcome == RowOutcome.Skipped) continue;
            var member = outcome == RowOutcome.Taken ? _builders[rule].Read(rule.Row, row.Place) : null;
            if (member is not null) yield return member;
            else _rejects.Rows.Add(row.Place, rule.Row.FaultColumn!, rule.Row.FaultReason!);
        }
    }
}
