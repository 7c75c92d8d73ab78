using System.Text;
using Tokamak.App.Brands;
using Tokamak.App.Cli;
using Tokamak.App.Referral;
using Xunit;

namespace Tokamak.App.Tests.Referral;

/// <summary><c>tokamak replay</c> on files that are whole, odd or wrong: what it writes, what it says, and that it writes nothing else.</summary>
public sealed class ReplayCommandTests : IDisposable
{
    private const string Staff = """{"type":"staff","id":"j","at":"2026-01-01T00:00:00Z","staff":"S","event":"joined","store":"A"}""";
    private const string Sale = """{"type":"sale","id":"s","at":"2026-01-02T00:00:00Z","channel":"store","store":"A","staff":"S","lines":[{"line":1,"category":"c","quantity":2,"net":100,"fulfil":"taken"}]}""";
    private const string TooMany = """{"type":"return","id":"b","at":"2026-01-03T00:00:00Z","sale":"s","lines":[{"line":1,"quantity":3}]}""";
    private const string Malformed = """{"type":"return","id":"b2","at":"2026-01-03T00:00:00Z","sale":"s","lines":[]}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("replay").FullName;
    private static readonly string Policy = new CaseFolder(Path.Combine(CaseFolder.OurOwn, CaseFolder.NamesIn(CaseFolder.OurOwn).First())).Policy;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_four_files_are_written_and_nothing_else()
    {
        Assert.Equal(ExitCodes.Done, await Replay(Utf8(Staff, Sale)));
        Assert.Equal(["commission.csv", "credits.csv", "earnings.csv", "statements.csv"], Directory.GetFiles(Output).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("day,cause,sale,line,role,staff,store,amount,policy\n2026-01-02,s,s,1,closer,S,A,100,1\n", await File.ReadAllTextAsync(Path.Combine(Output, "credits.csv"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_file_without_facts_gives_headers()
    {
        Assert.Equal(ExitCodes.Done, await Replay([]));
        Assert.All(Directory.GetFiles(Output), file => Assert.Single(File.ReadAllLines(file)));
    }

    [Theory]
    [InlineData("\uFEFF", "\n", "")]
    [InlineData("", "\r\n", "\r\n")]
    [InlineData("\n \n\t\n", "\n\n", "\n\n\n")]
    public async Task A_byte_order_mark_blank_lines_and_CRLF_are_taken(string first, string between, string last)
    {
        await Replay(Utf8(Staff, Sale));
        var plain = await File.ReadAllBytesAsync(Path.Combine(Output, "credits.csv"), TestContext.Current.CancellationToken);
        Assert.Equal(ExitCodes.Done, await Replay(Encoding.UTF8.GetBytes(first + Staff + between + Sale + last)));
        Assert.Equal(plain, await File.ReadAllBytesAsync(Path.Combine(Output, "credits.csv"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_policy_may_begin_with_a_byte_order_mark()
    {
        var marked = Path.Combine(_folder, "policy.json");
        await File.WriteAllBytesAsync(marked, Encoding.UTF8.GetBytes("\uFEFF" + await File.ReadAllTextAsync(Policy, TestContext.Current.CancellationToken)), TestContext.Current.CancellationToken);
        Assert.Equal(ExitCodes.Done, await Replay(Utf8(Staff, Sale), marked));
    }

    public static TheoryData<string, int> Wrong => new()
    {
        { string.Join('\n', Staff, Sale, TooMany), 3 },
        { string.Join('\n', Staff, Sale, Sale, Malformed), 3 },
        { string.Join('\n', Staff, TooMany, Malformed, Sale, Sale), 3 },
        { string.Join('\n', Staff, "", "", Sale, TooMany), 5 },
        { string.Join('\n', TooMany, Staff, Sale), 1 },
        { string.Join('\n', TooMany, Staff, Sale, Malformed), 4 },                 // form comes first
        { string.Join('\n', Malformed, "{", Staff), 1 },
        { string.Join("\r\n", Staff, "{", Malformed), 2 },
        { string.Join('\n', Staff, Sale, Sale), 3 },
        { string.Join('\n', Sale), 1 },                                            // nobody named S
        { string.Join('\n', Staff, Sale, TooMany.Replace("\"b\"", "\"b3\"", StringComparison.Ordinal), TooMany), 3 },
        { "\uFEFF\uFEFF" + Staff, 1 },
        { Staff + "\u0000", 1 },
        { Staff + " " + Sale, 1 },
        { "[" + Staff + "," + Sale + "]", 1 },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task The_first_wrong_line_is_named_and_nothing_is_written(string facts, int line)
    {
        var fault = Assert.Single(await Refused(Encoding.UTF8.GetBytes(facts)));
        Assert.Equal(line, fault.Fault.Line);
        Assert.Contains($"line {line}: ", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_encodings_are_named()
    {
        var chinese = Sale.Replace("\"A\"", "\"信義\"", StringComparison.Ordinal);
        byte[][] encoded =
        [
            Encoding.Unicode.GetBytes(chinese), [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(chinese)], Encoding.BigEndianUnicode.GetBytes(chinese),
            Encoding.Latin1.GetBytes(Sale.Replace("\"A\"", "\"é\"", StringComparison.Ordinal)),
            [.. Encoding.UTF8.GetBytes(Sale.Split("\"A\"")[0]), (byte)'"', 0xab, 0x48, 0xb8, 0x71, (byte)'"', .. Encoding.UTF8.GetBytes(Sale.Split("\"A\"")[1])],   // Big5
        ];
        foreach (var bytes in encoded)
            Assert.Contains("save the file as UTF-8", Assert.Single(await Refused([.. Utf8(Staff), .. bytes])).Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_as_long_as_a_file_is_refused_at_its_number()
    {
        var fault = Assert.Single(await Refused([.. Utf8(Staff), .. Encoding.UTF8.GetBytes(new string('x', 10 << 20))]));
        Assert.Equal(2, fault.Fault.Line);
        Assert.Contains("Put each fact on a line of its own", fault.Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Earlier_output_stays_when_a_replay_is_refused()
    {
        await Replay(Utf8(Staff, Sale));
        var before = await File.ReadAllBytesAsync(Path.Combine(Output, "credits.csv"), TestContext.Current.CancellationToken);
        Assert.Equal(ExitCodes.WrongInput, await Replay(Utf8(Staff, Sale, TooMany)));
        Assert.Equal(4, Directory.GetFiles(Output).Length);
        Assert.Equal(before, await File.ReadAllBytesAsync(Path.Combine(Output, "credits.csv"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_wrong_policy_is_refused_with_all_its_faults_before_the_facts()
    {
        var policy = Path.Combine(_folder, "policy.json");
        await File.WriteAllTextAsync(policy, """{"policy":"points"}""", TestContext.Current.CancellationToken);
        var wrong = await Refused(Encoding.UTF8.GetBytes("{"), policy);
        Assert.Contains(wrong, fault => fault.ToString().Contains("$.policy: must be", StringComparison.Ordinal));
        Assert.Contains(wrong, fault => fault.ToString().Contains("$.rates: is missing", StringComparison.Ordinal));
        Assert.All(wrong, fault => Assert.Null(fault.Fault.Line));
    }

    [Theory]
    [InlineData("--as-of", "yesterday")]
    [InlineData("--as-of", "2026-02-30")]
    [InlineData("--since", "2026-01-01")]
    public async Task A_wrong_argument_is_refused(string option, string value) => Assert.Equal(ExitCodes.WrongInput, await Replay(Utf8(Staff), Policy, option, value));

    [Fact]
    public async Task A_file_that_is_not_there_is_refused()
    {
        Assert.Equal(ExitCodes.WrongInput, await Verbs.RunAsync(["replay", "--facts", Path.Combine(_folder, "none"), "--policy", Policy, "--out", Output]));
        Assert.Equal(ExitCodes.WrongInput, await Replay(Utf8(Staff), Path.Combine(_folder, "none")));
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public async Task Facts_after_the_day_are_as_if_they_were_not_there()
    {
        Assert.Equal(ExitCodes.Done, await Replay(Utf8(Staff, Sale, TooMany), Policy, "--as-of", "2026-01-02"));
        Assert.Equal(ExitCodes.WrongInput, await Replay(Utf8(Staff, Sale, TooMany), Policy, "--as-of", "2026-01-03"));
        Assert.Equal(ExitCodes.WrongInput, await Replay(Utf8(Staff, Sale, Malformed), Policy, "--as-of", "2026-01-02"));
    }

    private string Output => Path.Combine(_folder, "out");

    /// <summary>Both ways in refuse, and leave no file of their own.</summary>
    private async Task<IReadOnlyList<FileFault>> Refused(byte[] facts, string? policy = null)
    {
        Assert.Equal(ExitCodes.WrongInput, await Replay(facts, policy));
        var wrong = ReplayFiles.Run(Path.Combine(_folder, "facts.jsonl"), policy ?? Policy, Output, null);
        Assert.True(!Directory.Exists(Output) || Directory.GetFileSystemEntries(Output).Length == 0);
        return wrong;
    }

    private async Task<int> Replay(byte[] facts, string? policy = null, params string[] more)
    {
        var path = Path.Combine(_folder, "facts.jsonl");
        await File.WriteAllBytesAsync(path, facts);
        return await Verbs.RunAsync(["replay", "--facts", path, "--policy", policy ?? Policy, "--out", Output, .. more]);
    }

    private static byte[] Utf8(params string[] lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));
}
