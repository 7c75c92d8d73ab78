namespace Tokamak.App.Demo;

/// <summary>
/// Our own pseudo-random numbers (xoshiro256**, seeded by SplitMix64; both in the public domain), in whole numbers
/// only: the same seed gives the same demo brand on every runtime, machine and day. Not for secrets. Not thread-safe.
/// </summary>
public sealed class Dice
{
    private ulong _a, _b, _c, _d;

    public Dice(ulong seed)
    {
        _a = SplitMix(ref seed);
        _b = SplitMix(ref seed);
        _c = SplitMix(ref seed);
        _d = SplitMix(ref seed);
    }

    /// <summary>0 to <paramref name="count"/> − 1. The bias of a 64-bit product is far below anything a demo shows.</summary>
    public int Below(int count) => (int)(Math.BigMul(Next(), (ulong)count) >> 64);

    /// <summary>Both bounds included.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    /// <summary>True so many times in a thousand.</summary>
    public bool Chance(int permille) => Below(1000) < permille;

    public T Pick<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>An index, each as likely as its weight says.</summary>
    public int Weighted(ReadOnlySpan<int> weights)
    {
        var sum = 0;
        foreach (var weight in weights) sum += weight;
        var at = Below(sum);
        for (var i = 0; ; i++)
            if ((at -= weights[i]) < 0) return i;
    }

    /// <summary>A whole number whose mean is <paramref name="milli"/> / 1000, a tenth more or less from day to day.</summary>
    public int Around(long milli)
    {
        var today = milli * Between(900, 1100) / 1000;
        return (int)(today / 1000) + (Chance((int)(today % 1000)) ? 1 : 0);
    }

    private ulong Next()
    {
        unchecked
        {
            var result = ulong.RotateLeft(_b * 5, 7) * 9;
            var shifted = _b << 17;
            _c ^= _a;
            _d ^= _b;
            _b ^= _c;
            _a ^= _d;
            _c ^= shifted;
            _d = ulong.RotateLeft(_d, 45);
            return result;
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }
}
