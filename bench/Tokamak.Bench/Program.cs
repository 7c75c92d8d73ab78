using Tokamak.Bench;

// Each verb is a whole process, so that it can be timed and weighed from outside (bench/run).
return args switch
{
    ["generate", var sales, var folder] => BenchWorld.Write(int.Parse(sales, System.Globalization.CultureInfo.InvariantCulture), folder),
    ["plain", var facts, var copy] => PlainCopy.Run(facts, copy),
    ["compare", var folder, var pairs] => Comparison.Of(folder, int.Parse(pairs, System.Globalization.CultureInfo.InvariantCulture)),
    ["derive", var facts, var policy] => Derivation.Run(facts, policy),
    ["pages", var db, var requests] => await PageLatency.MeasureAsync(db, int.Parse(requests, System.Globalization.CultureInfo.InvariantCulture)),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("bench generate SALES FOLDER | plain FACTS COPY | derive FACTS POLICY | compare FOLDER PAIRS | pages DB REQUESTS");
    return 2;
}
