using Tokamak.Bench;
using Tokamak.Bench.Quotes;

// Each verb is a whole process, so that it can be timed and weighed from outside (bench/run).
return args switch
{
    ["generate", var sales, var folder] => BenchWorld.Write(Number(sales), folder),
    ["members", var members, var folder] => MemberFile.Write(Number(members), folder),
    ["lookup", var db, var members, var requests] => await LookUp.MeasureAsync(db, Number(members), Number(requests)),
    ["plain", var facts, var copy] => PlainCopy.Run(facts, copy),
    ["compare", var folder, var pairs] => Comparison.Of(folder, Number(pairs)),
    ["derive", var facts, var policy] => Derivation.Run(facts, policy),
    ["simulate", var folder, var runs] => SimulationRuns.Measure(folder, Number(runs)),
    ["quote-offers", var size, var path] => QuoteLoad.WriteOffers(size, path),
    ["quote-load", var url, var key, var size, var how, var seconds, var clients] => await QuoteLoad.RunAsync(new Uri(url), key, size, how == "hold", Number(seconds), Number(clients)),
    ["coupons", var db, var codes] => await CouponCodes.MeasureAsync(db, Number(codes)),
    ["quotes", var cases] => QuoteBench.Run(Number(cases)),
    ["pages", var db, var requests] => await PageLatency.MeasureAsync(db, Number(requests)),
    ["dashboards", var db, var dashboards, var seconds] => await PageLatency.ReloadAsync(db, Number(dashboards), Number(seconds)),
    ["live", var url, var key, var seconds, var clients, var members] => await LiveLoad.RunAsync(new Uri(url), key, Number(seconds), Number(clients), Number(members)),
    _ => Usage(),
};

static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

static int Usage()
{
    Console.Error.WriteLine("bench generate SALES FOLDER | members COUNT FOLDER | lookup DB MEMBERS REQUESTS | plain FACTS COPY | derive FACTS POLICY | simulate FOLDER RUNS | coupons DB CODES | quotes CASES | quote-offers SIZE FILE | quote-load URL KEY SIZE price|hold SECONDS CLIENTS | compare FOLDER PAIRS | pages DB REQUESTS | dashboards DB COUNT SECONDS | live URL KEY SECONDS CLIENTS MEMBERS");
    return 2;
}
