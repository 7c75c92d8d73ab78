using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Data;
using Tokamak.App.Integrations.Api;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Referral;

namespace Tokamak.App.Tests.Integrations.Api;

/// <summary><c>POST /api/v1/facts</c> over HTTP: what becomes of each fact, in any order and form.</summary>
public sealed class TakeFactsTests(PostgresServer server)
{
    private const string Joined = ApiWorld.Joined, Sale = ApiWorld.Sale;

    private const string Pickup =
        """{"type":"sale","id":"W1","at":"2026-01-15T21:00:00+08:00","channel":"online","member":"M1","lines":[{"line":1,"category":"tops","quantity":2,"net":1000,"fulfil":"pickup"}]}""";

    private const string Handover = """{"type":"handover","id":"H1","at":"2026-01-17T15:00:00+08:00","sale":"W1","store":"S1","staff":"A","lines":[{"line":1,"quantity":2}]}""";

    [Theory, EveryDatabase]
    public async Task Each_fact_is_answered_on_its_own_line(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server);
        Assert.Equal(["1 F1 accepted", "2 P1 accepted"], (await world.FactsAsync($"{Joined}\n{Sale}\n")).Facts);
        // Again, one of them twice, one at another offset, and some that cannot be.
        var later = Sale.Replace("12:00:00+08:00", "04:00:00Z", StringComparison.Ordinal);
        var other = Sale.Replace("3000", "3001", StringComparison.Ordinal);
        var answer = await world.FactsAsync(string.Join('\n', Joined, later, other, "{\"type\":", """{"type":"sale","id":"X"}""", Sale, """{"type":"refund","id":"R1","at":"2026-01-11T12:00:00+08:00","sale":"F1","lines":[{"line":1,"amount":1}]}"""));
        Assert.Equal(["1 F1 duplicate", "2 P1 duplicate", "3 P1 refused", "4 - refused", "5 - refused", "6 P1 duplicate", "7 R1 refused"], answer.Facts);
        foreach (var (reason, says) in answer.Reasons.Zip(["", "", "says something else", "not valid JSON", "'channel' must be", "", "is no sale"]))
            Assert.True(says.Length == 0 ? reason.Length == 0 : reason.Contains(says, StringComparison.Ordinal), reason);
        Assert.Equal(2, await world.ReadAsync(books => books.Facts.CountAsync(TestContext.Current.CancellationToken)));
        await world.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task Facts_may_come_in_any_order_and_count_when_what_they_name_is_known(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server);
        Assert.Equal(["1 H1 parked"], (await world.FactsAsync(Handover)).Facts);
        Assert.Equal(["1 P1 parked"], (await world.FactsAsync(Sale)).Facts);
        Assert.Equal(["1 H1 parked", "2 W1 accepted"], (await world.FactsAsync($"{Handover}\n{Pickup}")).Facts);
        Assert.Equal(2, await world.ReadAsync(books => books.Parked.CountAsync(TestContext.Current.CancellationToken)));
        Assert.Equal(["1 F1 accepted"], (await world.FactsAsync(Joined)).Facts);
        Assert.Equal(0, await world.ReadAsync(books => books.Parked.CountAsync(TestContext.Current.CancellationToken)));
        Assert.Equal(["1 H1 duplicate", "2 P1 duplicate"], (await world.FactsAsync($"{Handover}\n{Sale}")).Facts);
        Assert.Equal(
            [NoticeKind.Parked, NoticeKind.Parked, NoticeKind.Accepted, NoticeKind.Accepted],
            (await world.ReadAsync(books => books.Notices.OrderBy(notice => notice.Seq).ToListAsync(TestContext.Current.CancellationToken))).Select(notice => notice.Kind));
        // In one request, the other way round.
        Assert.Equal(
            ["1 H2 accepted", "2 W2 accepted"],
            (await world.FactsAsync($"{Handover.Replace("H1", "H2", StringComparison.Ordinal).Replace("W1", "W2", StringComparison.Ordinal)}\n{Pickup.Replace("W1", "W2", StringComparison.Ordinal)}")).Facts);
        await world.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task A_tills_sale_without_its_store_is_taken_and_counts_when_it_is_sent_with_it(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server, Joined);
        var answer = await world.FactsAsync(Sale.Replace("\"store\":\"S1\",", "", StringComparison.Ordinal));
        Assert.Equal(["1 P1 parked"], answer.Facts);
        Assert.Contains("which store", answer.Reasons.Single(), StringComparison.Ordinal);
        Assert.Equal(["1 P1 accepted"], (await world.FactsAsync(Sale)).Facts);
        Assert.Equal(["1 P1 duplicate"], (await world.FactsAsync(Sale)).Facts);
        await world.AssertProvenAsync();
    }

    [Theory, EveryDatabase]
    public async Task The_same_key_brings_the_same_answer_byte_for_byte_and_never_another_request(Provider provider)
    {
        await using var world = await ApiWorld.CreateAsync(provider, server);
        var body = $"{Joined}\n{Sale}\n{{}}\n";
        var first = await world.FactsAsync(body, idempotency: "a-1");
        Assert.Equal(["1 F1 accepted", "2 P1 accepted", "3 - refused"], first.Facts);
        Assert.Equal(first.Text, (await world.FactsAsync(body, idempotency: "a-1")).Text);
        Assert.Equal("key-used", (await world.FactsAsync(Sale, idempotency: "a-1")).Is(HttpStatusCode.UnprocessableEntity).Problem);
        Assert.Equal("key-used", (await world.PostAsync("/api/v1/voids", """{"id":"V1","at":"2026-02-01T00:00:00Z","fact":"P1"}""", "a-1")).Is(HttpStatusCode.UnprocessableEntity).Problem);
        // Another sender's keys are their own; and another key is another request.
        Assert.Equal(["1 P1 duplicate"], (await world.FactsAsync(Sale, await world.KeyAsync([App.Access.Keys.ApiScope.Facts]), "a-1")).Facts);
        Assert.Equal(["1 F1 duplicate", "2 P1 duplicate", "3 - refused"], (await world.FactsAsync(body, idempotency: "a-2")).Facts);
        foreach (var wrong in new[] { "", "two words", "é", new string('x', 256) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/facts") { Content = new StringContent(Sale, Encoding.UTF8, ApiWorld.JsonLines) };
            request.Headers.Add("Authorization", $"Bearer {world.Key}");
            request.Headers.TryAddWithoutValidation("Idempotency-Key", wrong);
            if (wrong == "é") continue;
            Assert.Equal(HttpStatusCode.BadRequest, (await world.Client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
        }
    }

    [Fact]
    public async Task A_long_request_is_done_in_parts_and_sent_again_finds_every_part()
    {
        await using var world = await ApiWorld.CreateAsync(Provider.Sqlite, server, Joined);
        var body = string.Join('\n', Enumerable.Range(1, TakeFacts.MostFacts).Select(number => Sale.Replace("P1", $"Q{number}", StringComparison.Ordinal)));
        ApiWorld.Answer first;
        // On a machine that has much else to do it may take longer than a request waits: then it is sent again, as any sender would.
        do first = await world.FactsAsync(body, idempotency: "long");
        while (first.Status == HttpStatusCode.ServiceUnavailable);
        Assert.Equal(Enumerable.Range(1, TakeFacts.MostFacts).Select(number => $"{number} Q{number} accepted"), first.Facts);
        Assert.Equal(first.Text, (await world.FactsAsync(body, idempotency: "long")).Text);
        Assert.Equal("too-many", (await world.FactsAsync($"{body}\n{Sale}")).Is(HttpStatusCode.RequestEntityTooLarge).Problem);
        Assert.Equal(TakeFacts.MostFacts + 1, await world.ReadAsync(books => books.Facts.CountAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task Lines_may_end_and_begin_as_other_systems_write_them()
    {
        await using var world = await ApiWorld.CreateAsync(Provider.Sqlite, server);
        Assert.Equal(["2 F1 accepted", "4 P1 accepted"], (await world.FactsAsync($"\uFEFF\r\n{Joined}\r\n \t\r\n{Sale}\r\n\r\n")).Facts);
        Assert.Equal("no-facts", (await world.FactsAsync("\uFEFF \r\n\r\n")).Is(HttpStatusCode.BadRequest).Problem);
        Assert.Equal("no-facts", (await world.FactsAsync("")).Is(HttpStatusCode.BadRequest).Problem);
        foreach (var type in new[] { "application/jsonl", "text/plain; charset=utf-8", "Application/X-NDJSON" })
        {
            using var content = new StringContent(Sale);
            content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
            Assert.Equal(["1 P1 duplicate"], (await world.SendAsync(HttpMethod.Post, "/api/v1/facts", content)).Facts);
        }
        using var form = new StringContent(Sale, Encoding.UTF8, "application/x-www-form-urlencoded");
        Assert.Equal("wrong-type", (await world.SendAsync(HttpMethod.Post, "/api/v1/facts", form)).Is(HttpStatusCode.UnsupportedMediaType).Problem);
        using var without = new ByteArrayContent(Encoding.UTF8.GetBytes(Sale));
        Assert.Equal(["1 P1 duplicate"], (await world.SendAsync(HttpMethod.Post, "/api/v1/facts", without)).Facts);
    }

    [Fact]
    public async Task What_is_too_long_is_not_taken()
    {
        await using var world = await ApiWorld.CreateAsync(Provider.Sqlite, server, Joined);
        var line = Sale.Replace("\"tops\"", $"\"tops\"{new string(' ', 1 << 20)}", StringComparison.Ordinal);
        var answer = await world.FactsAsync($"{line}\n{Sale}");
        Assert.True(answer.Facts.SequenceEqual(["1 - refused", "2 P1 accepted"]), answer.Text);
        Assert.Contains("bytes long", answer.Reasons.First(), StringComparison.Ordinal);
        var whole = string.Concat(Enumerable.Repeat(new string(' ', 1023) + "\n", BodyRoom.OfOneRequest >> 10));
        Assert.Equal("no-facts", (await world.FactsAsync(whole)).Is(HttpStatusCode.BadRequest).Problem);
        Assert.Equal("too-large", (await world.FactsAsync(whole + " ")).Is(HttpStatusCode.RequestEntityTooLarge).Problem);
        // Without a length beforehand.
        using var chunked = new StreamContent(new Trickle(BodyRoom.OfOneRequest + 1));
        chunked.Headers.ContentType = new(ApiWorld.JsonLines);
        Assert.Equal("too-large", (await world.SendAsync(HttpMethod.Post, "/api/v1/facts", chunked)).Is(HttpStatusCode.RequestEntityTooLarge).Problem);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused_and_nothing_else_is_hurt()
    {
        await using var world = await ApiWorld.CreateAsync(Provider.Sqlite, server, Joined);
        byte[] body = [.. "{\"type\":\"sale\",\"id\":\""u8, 0xff, 0xfe, .. "\"}\n"u8, 0, (byte)'\n', .. Encoding.UTF8.GetBytes(Sale), (byte)'\n', .. "{\"id\":\"\\ud800\"}"u8];
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new(ApiWorld.JsonLines);
        Assert.Equal(["1 - refused", "2 - refused", "3 P1 accepted", "4 - refused"], (await world.SendAsync(HttpMethod.Post, "/api/v1/facts", content)).Facts);
    }

    [Fact]
    public async Task Without_a_policy_nothing_is_taken_and_the_answer_says_what_to_do()
    {
        await using var world = await ApiWorld.CreateAsync(Provider.Sqlite, server, facts: null);
        Assert.Equal("no-policy", (await world.FactsAsync(Joined)).Is(HttpStatusCode.Conflict).Problem);
        Assert.Equal("no-policy", (await world.GetAsync("/api/v1/sales")).Is(HttpStatusCode.Conflict).Problem);
    }

    [Fact]
    public async Task A_fact_of_a_day_to_come_is_refused_and_one_of_tomorrow_waits()
    {
        await using var world = await ApiWorld.CreateAsync(Provider.Sqlite, server, World.SmallFacts);
        var now = DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(8));
        string At(int days) => Sale.Replace("P1", $"D{days}", StringComparison.Ordinal).Replace("2026-01-10", now.AddDays(days).ToString("yyyy-MM-dd", null), StringComparison.Ordinal);
        Assert.Equal(["1 D1 parked", "2 D3 refused"], (await world.FactsAsync($"{At(1)}\n{At(3)}")).Facts);
    }

    /// <summary>So many line ends, in small pieces and without a length.</summary>
    private sealed class Trickle(long bytes) : Stream
    {
        private long _left = bytes;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var now = (int)Math.Min(_left, count);
            buffer.AsSpan(offset, now).Fill((byte)'\n');
            _left -= now;
            return now;
        }

        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
