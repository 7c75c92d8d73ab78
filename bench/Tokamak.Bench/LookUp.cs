using System.Diagnostics;
using System.Globalization;
using Tokamak.App.Data;
using Tokamak.App.Members;
using Tokamak.Core.Members;

namespace Tokamak.Bench;

/// <summary>How long a counter waits for who stands there: in the process, by phone as it is typed or by card, over the members of <see cref="MemberFile"/>.</summary>
internal static class LookUp
{
    private const int Warm = 200;

    public static async Task<int> MeasureAsync(string db, int members, int requests)
    {
        var address = DatabaseAddress.Parse(db, out var fault) ?? throw new ArgumentException(fault);
        await using var databases = await Databases.OpenAsync(address, default);
        var brand = await databases.BrandAsync(null, default);
        var dice = new Random(1);
        foreach (var (kind, name) in new[] { (KeyKind.Phone, "phone"), (KeyKind.Card, "card") })
        {
            var (took, found) = (new double[requests], 0);
            for (var i = -Warm; i < requests; i++)
            {
                var n = dice.Next(members);
                var typed = kind == KeyKind.Phone ? MemberFile.Phone(n) : MemberFile.Card(n);
                var began = Stopwatch.GetTimestamp();
                if (!MemberKey.TryRead(kind, typed, NumberingFile.Plans, "TW", out var key)) throw new InvalidOperationException(typed);
                await using var turn = await brand.BeginReadAsync(default);
                var who = await FindMembers.ByKeyAsync(turn, key, default);
                if (i < 0) continue;
                took[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                if (who.Count > 0) found++;
            }
            Array.Sort(took);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"by {name}: p50 {took[requests / 2]:N2} ms, p99 {took[requests * 99 / 100]:N2} ms, max {took[^1]:N2} ms; {found:N0} of {requests:N0} found"));
        }
        return 0;
    }
}
