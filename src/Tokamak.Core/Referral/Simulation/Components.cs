namespace Tokamak.Core.Referral.Simulation;

/// <summary>
/// Who stands with whom: members whom merges make one, by the numbers of a <see cref="FactSnapshot"/>, and the partition they lie in. A
/// sale without member has a home of its own in a partition, written as a number below -1.
/// </summary>
internal sealed class Components
{
    private const int FirstNobody = -2;
    private readonly List<int> _into = [];
    private readonly List<int> _partitions = [];
    private readonly List<int> _sizes = [];
    private readonly List<int> _counts = [];

    public static int NobodyIn(int partition) => FirstNobody - partition;

    /// <summary>The next member, alone so far.</summary>
    public void Add(int partition)
    {
        _into.Add(_into.Count);
        _partitions.Add(partition);
        _sizes.Add(1);
        while (_counts.Count <= partition) _counts.Add(0);
        _counts[partition]++;
    }

    /// <summary>Members who were given this partition when they first came.</summary>
    public int CountIn(int partition) => partition < _counts.Count ? _counts[partition] : 0;

    public int PartitionOf(int home) => home <= FirstNobody ? FirstNobody - home : _partitions[RootOf(home)];

    /// <summary>Makes two one; the partition that some of their facts have to leave, if they lie in two.</summary>
    public int? Join(int a, int b)
    {
        (a, b) = (RootOf(a), RootOf(b));
        if (a == b) return null;
        if (_sizes[a] > _sizes[b]) (a, b) = (b, a);
        _into[a] = b;
        _sizes[b] += _sizes[a];
        return _partitions[a] == _partitions[b] ? null : _partitions[a];
    }

    /// <summary>Gives half of a partition's members, by their facts, another one; false where it has but one.</summary>
    public bool Halve(int partition, ReadOnlySpan<FactRow> rows, List<int> homes, int other)
    {
        var sizes = new Dictionary<int, int>();
        foreach (ref readonly var row in rows)
            if (homes[row.Id] > FirstNobody) sizes[RootOf(homes[row.Id])] = sizes.GetValueOrDefault(RootOf(homes[row.Id])) + 1;
        if (sizes.Count < 2) return false;
        var left = 0;
        foreach (var (root, size) in sizes.OrderBy(member => member.Key))
        {
            if (left + size > rows.Length / 2 && left > 0) continue;
            left += size;
            _partitions[root] = other;
        }
        return true;
    }

    private int RootOf(int member)
    {
        while (_into[member] != member) member = _into[member] = _into[_into[member]];
        return member;
    }
}

/// <summary>Short texts that come again and again (stores, clerks, kinds, categories), each kept once.</summary>
internal sealed class TextTable
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];

    public string this[int number] => _texts[number];

    /// <summary>The number of a text, -1 for none.</summary>
    public int Of(string? text)
    {
        if (text is null) return IdTable.None;
        if (_numbers.TryGetValue(text, out var known)) return known;
        _numbers.Add(text, _texts.Count);
        _texts.Add(text);
        return _texts.Count - 1;
    }

    public string Same(string text) => _texts[Of(text)];
}
