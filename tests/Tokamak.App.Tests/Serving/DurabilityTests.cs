using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Tokamak.App.Data;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral.Live;

namespace Tokamak.App.Tests.Serving;

/// <summary>
/// No answer before what it says is on the disk: the calls of the real server to the system, in their order. On PostgreSQL the server
/// does it, and is refused at the start if its settings do not say so (PostgresPoolTests).
/// </summary>
public sealed class DurabilityTests
{
    private const int Requests = 12;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_SQLite_every_answer_comes_after_its_facts_were_forced_to_the_disk()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite, null!);
        var trace = database.Text + ".trace";
        var (code, _, errors) = await Programs.RunAsync("strace", "-o", trace, "true");
        Assert.SkipUnless(code == 0, $"This machine lets nobody trace a program: {errors}");

        var worlds = new DrawnWorlds(Soak.Seed, DateTimeOffset.UtcNow);
        var key = await ProvenBooks.MakeAsync(database.Address, worlds);
        var address = ServedNode.FreeAddress();
        await using (var node = ServedNode.Start(
            database.Text, address, "strace", "-f", "--seccomp-bpf", "-ttt", "-T", "-yy", "-s", "64", "-e", "trace=recvmsg,recvfrom,read,sendmsg,sendto,write,fsync,fdatasync", "-e", "signal=none", "-o", trace))
        {
            await node.ListensAsync();
            using var client = new HttpClient();
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
            foreach (var fact in worlds.Next().Take(Requests))
            {
                using var body = new StringContent(StoredForms.BodyOf(fact), Encoding.UTF8, "application/x-ndjson");
                using var answer = await client.PostAsync(new Uri(address, "/api/v1/facts"), body, Stop);
                Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
            }
            // The server's own id: the process that was started is the tracer.
            await node.StopAsync(int.Parse(await File.ReadAllTextAsync(database.Text + ".lock.pid", Stop), CultureInfo.InvariantCulture));
        }
        var forced = SystemCalls.ForcedBeforeAnswer(SystemCalls.Read(await File.ReadAllLinesAsync(trace, Stop)), "POST /api/v1/facts", ".main.db-wal");
        Assert.Equal(Enumerable.Repeat(true, Requests), forced);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("7 1.300000 fdatasync(9</d/x.main.db-wal>) = 0 <0.100000>", true)]
    [InlineData("7 1.300000 fdatasync(9</d/x.main.db-wal> <unfinished ...>\n7 1.450000 <... fdatasync resumed>) = 0 <0.150000>", true)]
    [InlineData("7 1.300000 fdatasync(9</d/x.main.db-wal>) = 0 <0.300000>", false)]
    [InlineData("7 1.300000 fdatasync(9</d/x.db-wal>) = 0 <0.100000>", false)]
    [InlineData("7 1.050000 fdatasync(9</d/x.main.db-wal>) = 0 <0.010000>", false)]
    [InlineData("7 1.300000 fdatasync(9</d/x.main.db-wal>) = -1 EIO (Input/output error) <0.100000>", false)]
    public void Only_what_is_forced_between_arrival_and_answer_counts(string sync, bool counts)
    {
        string[] lines =
        [
            "5 1.000000 recvmsg(60<TCP:[127.0.0.1:8080->127.0.0.1:4444]>, {msg_iov=[{iov_base=\"POST /api/v1/facts HTTP/1.1\"..., iov_len=4096}]}, 0) = 300 <0.100000>",
            .. sync.Split('\n'),
            "6 1.500000 sendmsg(60<TCP:[127.0.0.1:8080->127.0.0.1:4444]>, {msg_iov=[{iov_base=\"HTTP/1.1 200 OK\\r\\nContent\"..., iov_len=200}]}, MSG_NOSIGNAL) = 200 <0.000100>",
        ];
        Assert.Equal([counts], SystemCalls.ForcedBeforeAnswer(SystemCalls.Read(lines), "POST /api/v1/facts", ".main.db-wal"));
    }
}
