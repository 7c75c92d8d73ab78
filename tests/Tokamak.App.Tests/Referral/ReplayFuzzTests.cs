using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tokamak.App.Brands;
using Tokamak.App.Referral;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;
using Xunit;

namespace Tokamak.App.Tests.Referral;

/// <summary>Files of the worked cases, broken at random: either they replay or they are refused with a place, never anything else.</summary>
public sealed class ReplayFuzzTests
{
    private const int Iterations = 5_000;

    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1", "2", "1.0", "1e3", "9223372036854775807", "9223372036854775808", "1000000000000000", "\"\"", "\"A1\"", "\"online\"", "\"vest\"", "\"x y\"",
        "\"\\ud800\"", "\"😀\"", "\"9999-12-31T23:59:59Z\"", "\"0001-01-01T00:00:00Z\"", "[]", "{}", "[{}]", "[[[[1]]]]", "{\"\\udc00\":1}", "\"" + new string('x', 101) + "\"",
    ];

    [Fact]
    public void Broken_facts_are_refused_with_their_line_or_replay()
    {
        var worlds = Corpus().ToList();
        var dice = new Random(20260117);
        var refused = 0;
        for (var i = 0; i < Iterations; i++)
        {
            var (facts, policy) = worlds[i % worlds.Count];
            var broken = Broken(facts, dice);
            var fault = Replayed(broken, policy);
            if (fault is null) continue;
            refused++;
            Assert.InRange(fault.Line ?? 0, 1, broken.Count(b => b == '\n') + 1);
            Assert.NotEmpty(fault.Message);
        }
        Assert.InRange(refused, Iterations / 4, Iterations - (Iterations / 50));   // some of both, or it proves nothing
    }

    [Fact]
    public void Broken_policies_are_refused_with_their_path_or_replay()
    {
        var worlds = Corpus().Select(world => (world.Facts, Policy: File.ReadAllBytes(world.PolicyPath))).ToList();
        var dice = new Random(20260118);
        var refused = 0;
        for (var i = 0; i < Iterations; i++)
        {
            var (facts, policy) = worlds[i % worlds.Count];
            List<Fault> faults = [];
            if (PolicyReader.Read(dice.Next(2) == 0 ? BrokenBytes(policy, dice) : BrokenJson(policy, dice), Zones.Find, faults) is { } read)
            {
                Assert.Empty(faults);
                Replayed(facts, read);
                continue;
            }
            refused++;
            Assert.NotEmpty(faults);
            Assert.All(faults, fault => Assert.StartsWith("$", fault.Path, StringComparison.Ordinal));
        }
        Assert.InRange(refused, Iterations / 4, Iterations - (Iterations / 50));
    }

    [Fact]
    public void Broken_files_leave_no_output_when_they_are_refused()
    {
        var folder = Directory.CreateTempSubdirectory("fuzz").FullName;
        try
        {
            var worlds = Corpus().ToList();
            var dice = new Random(20260119);
            var (path, output) = (Path.Combine(folder, "facts.jsonl"), Path.Combine(folder, "out"));
            for (var i = 0; i < 300; i++)
            {
                var world = worlds[i % worlds.Count];
                File.WriteAllBytes(path, Broken(world.Facts, dice));
                var wrong = ReplayFiles.Run(path, world.PolicyPath, output, null);
                if (Directory.Exists(output))
                {
                    Assert.Equal(wrong.Count > 0 ? 0 : 4, Directory.GetFileSystemEntries(output).Length);
                    Directory.Delete(output, recursive: true);
                }
                else Assert.NotEmpty(wrong);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<World> Corpus() =>
        CaseFolder.NamesIn(CaseFolder.OurOwn).Select(name => new CaseFolder(Path.Combine(CaseFolder.OurOwn, name)))
            .Select(world => new World(File.ReadAllBytes(world.Facts), world.Policy, PolicyFile.Read(world.Policy, [])!));

    /// <summary>The fault to be named, as the verb finds it, without its files.</summary>
    private static Fault? Replayed(byte[] facts, Policy policy)
    {
        var reader = new FactReader();
        List<Fact> read = [];
        var number = 0;
        foreach (var line in facts.AsSpan().Split((byte)'\n'))
        {
            number++;
            if (facts.AsSpan(line).IndexOfAnyExcept(" \t\r"u8) < 0) continue;
            if (!reader.TryRead(facts.AsSpan(line), number, out var fact, out var fault)) return fault;
            read.Add(fact);
        }
        List<Fault> faults = [];
        var replay = new Replay(FactLog.Build(read, policy.Zone, null, faults), policy);
        foreach (var _ in replay.Days()) { }
        return ReplayFiles.FirstOf([.. faults, .. replay.Faults]);
    }

    private static byte[] Broken(byte[] facts, Random dice)
    {
        if (dice.Next(3) == 0) return BrokenBytes(facts, dice);
        var lines = Encoding.UTF8.GetString(facts).TrimEnd('\n').Split('\n').ToList();
        var (at, other) = (dice.Next(lines.Count), dice.Next(lines.Count));
        switch (dice.Next(5))
        {
            case 0: lines.RemoveAt(at); break;
            case 1: lines.Insert(at, lines[other]); break;
            case 2: (lines[at], lines[other]) = (lines[other], lines[at]); break;
            default: lines[at] = Encoding.UTF8.GetString(BrokenJson(Encoding.UTF8.GetBytes(lines[at]), dice)); break;
        }
        return Encoding.UTF8.GetBytes(string.Join('\n', lines));
    }

    private static byte[] BrokenBytes(byte[] bytes, Random dice)
    {
        var broken = bytes.ToList();
        for (var n = dice.Next(1, 4); n > 0 && broken.Count > 1; n--)
        {
            var at = dice.Next(broken.Count);
            switch (dice.Next(4))
            {
                case 0: broken[at] = (byte)dice.Next(256); break;
                case 1: broken.RemoveAt(at); break;
                case 2: broken.Insert(at, (byte)"{}[],:\"\\\n\r 019-.eE"[dice.Next(18)]); break;
                default: broken.RemoveRange(at, Math.Min(dice.Next(40), broken.Count - at)); break;
            }
        }
        return [.. broken];
    }

    /// <summary>One value of the document replaced, removed, copied or given another name.</summary>
    private static byte[] BrokenJson(byte[] json, Random dice)
    {
        var root = JsonNode.Parse(json)!;
        var places = new List<JsonNode>();
        Collect(root, places);
        var target = places[dice.Next(places.Count)];
        const string mark = "@@";
        switch (target.Parent)
        {
            case JsonObject parent:
                var name = target.GetPropertyName();
                var action = dice.Next(4);
                if (action <= 1) parent[name] = mark;
                if (action >= 2) parent.Remove(name);
                if (action == 3) parent[name + "s"] = mark;
                break;
            case JsonArray parent:
                var index = target.GetElementIndex();
                if (dice.Next(2) == 0) parent.RemoveAt(index); else parent.Add(target.DeepClone());
                break;
            default: root = JsonValue.Create(mark); break;
        }
        return Encoding.UTF8.GetBytes(root.ToJsonString(new JsonSerializerOptions()).Replace($"\"{mark}\"", Values[dice.Next(Values.Length)], StringComparison.Ordinal));
    }

    private static void Collect(JsonNode node, List<JsonNode> into)
    {
        into.Add(node);
        var children = node switch
        {
            JsonObject o => o.Select(p => p.Value),
            JsonArray a => a,
            _ => [],
        };
        foreach (var child in children)
            if (child is not null) Collect(child, into);
    }

    private sealed record World(byte[] Facts, string PolicyPath, Policy Policy)
    {
        public void Deconstruct(out byte[] facts, out Policy policy) => (facts, policy) = (Facts, Policy);
    }
}
