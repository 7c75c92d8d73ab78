namespace Tokamak.Core.Referral;

/// <summary>
/// Which lines vest on which day (R13), the days in their order, the lines of one in the order in which they were received. Few days
/// wait at a time, most of them soon: they stand in one sorted list whose first goes next.
/// </summary>
internal sealed class VestingDays
{
    private readonly List<(DateOnly Day, List<(SaleBook Sale, int Line)> Lines)> _days = [];
    private readonly Stack<List<(SaleBook Sale, int Line)>> _givenBack = new();
    private int _first;

    /// <summary>The next day on which a line vests; null for none.</summary>
    public DateOnly? Next => _first < _days.Count ? _days[_first].Day : null;

    public void Add(DateOnly day, SaleBook sale, int line)
    {
        var place = _days.Count;
        while (place > _first && _days[place - 1].Day > day) place--;
        if (place == _first || _days[place - 1].Day != day)
        {
            _days.Insert(place, (day, _givenBack.TryPop(out var again) ? again : []));
            place++;
        }
        _days[place - 1].Lines.Add((sale, line));
    }

    /// <summary>The lines of a day, if it is the next one.</summary>
    public List<(SaleBook Sale, int Line)>? Take(DateOnly day)
    {
        if (Next != day) return null;
        var lines = _days[_first++].Lines;
        if (_first * 2 > _days.Count)
        {
            _days.RemoveRange(0, _first);
            _first = 0;
        }
        return lines;
    }

    public void GiveBack(List<(SaleBook Sale, int Line)> lines)
    {
        lines.Clear();
        _givenBack.Push(lines);
    }
}
