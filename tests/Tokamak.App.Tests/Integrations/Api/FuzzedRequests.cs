using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Tokamak.App.Integrations.Api;
using Tokamak.App.Referral.Posting;
using Tokamak.App.Tests.Referral.Live;
using Tokamak.Core.Referral;
using Tokamak.Core.Tests.Referral;

namespace Tokamak.App.Tests.Integrations.Api;

/// <summary>One request as bytes.</summary>
/// <param name="Bytes">All of it.</param>
/// <param name="HasAnswerBody">False for HEAD.</param>
internal sealed record FuzzedRequest(byte[] Bytes, bool HasAnswerBody = true);

/// <summary>Requests drawn from a seed: facts that are slightly, very or entirely wrong, told in HTTP that is so as well; some are right.</summary>
internal sealed class FuzzedRequests(Random dice, DrawnWorlds worlds, string key)
{
    private const string Odd = "\"@odd@\"", Facts = "/api/v1/facts";
    private const int Deep = 100_000;

    private static readonly string[] Numbers =
        ["-0", "0", "-1", "1e400", "1E2", "1.5", "1.0", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551616", "1000000000000000", "1000000000000001", "01", "+1", "0x10", "1_000", "NaN", "Infinity", "1e-400", new string('9', 400), "1000001"];

    private static readonly string[] Words =
    [
        "\"\"", "\" \"", "\"a b\"", "\"a,b\"", "\"a\\\"b\"", "\"\\u0000\"", "\"\\u001f\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud83d\\ude00\"", "\"\\ufffe\"", "\"\\u200b\"", "\"\\u3000\"", "\"\\u0085\"",
        "\"online\"", "\"vest\"", "\"pay\"", "\"store\"", "\"../..\"", "\"%00\"", "\"'; drop table fact; --\"", "\"{{7*7}}\"", "\"甲\"", "\"e\\u0301\"",
    ];

    private static readonly string[] Instants =
    [
        "\"0001-01-01T00:00:00Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"0001-01-01T12:00:00-12:00\"", "\"9999-12-31T23:59:59.9999999Z\"", "\"9999-12-31T23:59:59-14:00\"", "\"2026-02-29T00:00:00Z\"", "\"2024-02-29T00:00:00Z\"",
        "\"2026-01-05T24:00:00Z\"", "\"2026-01-05T23:59:60Z\"", "\"2026-01-05\"", "\"2026-01-05T12:00:00\"", "\"2026-01-05T12:00:00+25:00\"", "\"2026-03-29T02:30:00+01:00\"", "\"1970-01-01T00:00:00Z\"", "\"1583-10-15T00:00:00+00:01\"",
    ];

    private static readonly string[] Shapes = ["null", "true", "[]", "{}", "[[]]", "[{}]", "[null]", "[1]", "{\"a\":1}", "[{\"line\":1},{\"line\":1}]"];

    private static readonly string[] Paths =
    [
        "/api/v1/", "/api/v1", "/api/", "/api", "/API/V1/FACTS", "/api/v1/facts/", "/api/v1//facts", "/api/v1/facts/../facts", "/api/v1/%2e%2e/v1/facts", "/api/v1/facts%00", "/api/v1/%66acts", "/api/v1/facts?x=%zz", "/api/v1/facts;a=b",
        "/api/v2/facts", "/api/v1/nothing", "/api/v1/sales/%2F/returns", "/api/v1/sales/%C0%AF/returns", "/api/v1/sales/%ff/returns", "/api/v1/sales/%E7%94%B2/returns", "/api/v1/sales/a%20b/refunds", "/api/v1/sales//cancels", "/api/v1/sales/" + new string('x', 3000) + "/cancels",
    ];

    private static readonly string[] Methods = ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "BREW", "get", "POST"];

    private List<Fact> _pool = [];

    /// <summary>Facts are dated far ahead, so that none of them is taken however little is wrong with it.</summary>
    public bool IsHopeless { get; set; }

    public FuzzedRequest Next() => dice.Next(100) switch
    {
        < 18 => Posted(Lines(Scratched)),
        < 48 => Posted(Lines(Odded)),
        < 58 => Posted(Lines(Rebuilt)),
        < 61 => Posted(Nested()),
        < 68 => Posted(Encoded()),
        < 76 => Headed(),
        < 83 => Pathed(),
        < 85 => Sized(),
        < 93 => Single(),
        _ => Posted(Lines(fact => Bytes(Text(fact)))),
    };

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private Fact Fact()
    {
        if (_pool.Count == 0) _pool = worlds.Next();
        var fact = _pool[dice.Next(Math.Min(_pool.Count, 12))];
        if (dice.Chance(60)) _pool.Remove(fact);
        return fact;
    }

    private string Text(Fact fact)
    {
        var text = StoredForms.BodyOf(fact);
        return IsHopeless ? text.Replace("\"at\":\"2", "\"at\":\"7", StringComparison.Ordinal) : text;
    }

    private byte[] Lines(Func<Fact, byte[]> line)
    {
        var body = new MemoryStream();
        for (var left = dice.Pick(1, 1, 1, 2, 5, 20); left > 0; left--)
        {
            body.Write(dice.Chance(70) ? line(Fact()) : Bytes(Text(Fact())));
            body.Write(Bytes(dice.Pick("\n", "\n", "\n", "\r\n", "\n\n", " \n")));
        }
        return body.ToArray();
    }

    /// <summary>Some bytes are other ones, missing or there twice.</summary>
    private byte[] Scratched(Fact fact)
    {
        var bytes = Bytes(Text(fact)).ToList();
        for (var left = dice.Next(1, 5); left > 0; left--)
        {
            var at = dice.Next(bytes.Count);
            switch (dice.Next(5))
            {
                case 0: bytes[at] = (byte)dice.Next(256); break;
                case 1: bytes.RemoveAt(at); break;
                case 2: bytes.Insert(at, (byte)dice.Pick('{', '}', '[', ']', '"', ',', ':', '\\', '\0', '0', '-', '\u007f')); break;
                case 3: bytes.InsertRange(at, bytes.Skip(at).Take(dice.Next(1, 20)).ToList()); break;
                default: bytes[at] ^= (byte)(1 << dice.Next(8)); break;
            }
            if (bytes.Count == 0) return [];
        }
        return [.. bytes];
    }

    /// <summary>A value somewhere is an odd one.</summary>
    private byte[] Odded(Fact fact)
    {
        var text = Text(fact);
        for (var left = dice.Pick(1, 1, 1, 2); left > 0; left--)
        {
            var json = JsonNode.Parse(text)!.AsObject();
            var within = json["lines"] is JsonArray { Count: > 0 } lines && dice.Chance(50) && lines[dice.Next(lines.Count)] is JsonObject line ? line : json;
            // The value before may have been an object without anything in it.
            if (within.Count == 0) within = json;
            var name = dice.Pick<string>([.. within.Select(field => field.Key)]);
            within[name] = "@odd@";
            text = json.ToJsonString().Replace(Odd, name == "at" && !IsHopeless && dice.Chance(80) ? dice.Pick<string>(Instants) : Value(), StringComparison.Ordinal);
            if (!IsJson(text)) break;
        }
        return Bytes(text);
    }

    private static bool IsJson(string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject json && json.ToJsonString().Length > 0;
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private string Value() => dice.Next(5) switch
    {
        0 or 1 => dice.Pick<string>(Numbers),
        2 => dice.Pick<string>(Words),
        3 => $"\"{new string(dice.Pick('x', '甲'), dice.Pick(99, 100, 101, 1000))}\"",
        _ => dice.Pick<string>(Shapes),
    };

    /// <summary>A field is missing, there twice, called otherwise, or one too many.</summary>
    private byte[] Rebuilt(Fact fact)
    {
        var text = Text(fact);
        var json = JsonNode.Parse(text)!.AsObject();
        var name = dice.Pick<string>([.. json.Select(field => field.Key)]);
        switch (dice.Next(4))
        {
            case 0: json.Remove(name); return Bytes(json.ToJsonString());
            case 1: return Bytes(text.Insert(1, $"\"{name}\":{json[name]!.ToJsonString()},"));
            case 2: return Bytes(text.Replace($"\"{name}\":", $"\"{dice.Pick(name.ToUpperInvariant(), name + "_", "__proto__", "$type", "\\u0069d", "")}\":", StringComparison.Ordinal));
            default: return Bytes(text.Insert(1, $"\"{dice.Pick("extra", "phone", "seq", "voided")}\":{Value()},"));
        }
    }

    private byte[] Nested()
    {
        var depth = dice.Pick(10, 63, 64, 65, 1000, Deep);
        return Bytes("{\"type\":\"sale\",\"lines\":" + string.Concat(Enumerable.Repeat(dice.Pick("[", "{\"a\":"), depth)) + (dice.Chance(50) ? "1" : "") + new string(']', dice.Chance(50) ? depth : 0) + "}\n");
    }

    private byte[] Encoded()
    {
        var text = Text(Fact()) + "\n";
        switch (dice.Next(7))
        {
            case 0: return [.. Encoding.UTF8.Preamble, .. Bytes(text)];
            case 1: return [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)];
            case 2: return Encoding.BigEndianUnicode.GetBytes(text);
            case 3: return Encoding.UTF32.GetBytes(text);
            case 4:
                var packed = new MemoryStream();
                using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(Bytes(text));
                return packed.ToArray();
            case 5: return [.. Bytes(text), .. Encoding.UTF8.Preamble, .. Bytes(text)];
            default: return Bytes(text).SelectMany(letter => letter == (byte)'-' ? (byte[])[0xC0, 0xAD] : [letter]).ToArray();
        }
    }

    private FuzzedRequest Headed()
    {
        var body = Bytes(Text(Fact()) + "\n");
        return dice.Next(12) switch
        {
            0 => Posted(body, type: dice.Pick("application/json", "text/html", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "application/x-ndjson; charset=utf-16")),
            1 => Posted(body, more: $"Idempotency-Key: {dice.Pick("", " ", "a b", "é", new string('k', 256), new string('k', 255), "one, two")}\r\n"),
            2 => Posted(body, more: "Idempotency-Key: a\r\nIdempotency-Key: b\r\n"),
            3 => Posted(body, more: $"X-Long: {new string('x', dice.Pick(1000, 8000, 40_000))}\r\n"),
            4 => Posted(body, authorization: dice.Pick("Basic YTpi", "Bearer", "Bearer ", "Bearer tok_", "Bearer tok_00_00", "Bearer " + new string('x', 5000), "bearer " + key[..^1] + "x", "Bearer " + key + " " + key)),
            5 => new(Bytes($"POST {Facts} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Length: {dice.Pick("-1", "abc", "1e3", "99999999999999999999", "0")}\r\n\r\n")),
            6 => Posted(body, more: "Content-Encoding: gzip\r\n"),
            7 => Posted(body, more: "Expect: 100-continue\r\n"),
            8 => new(Bytes($"POST {Facts} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nTransfer-Encoding: chunked\r\n\r\n{dice.Pick("zz\r\n", "-1\r\n", "ffffffffffffffffff\r\n", "5\r\nhello\r\n0\r\n\r\n", "0\r\n\r\n")}")),
            9 => new(Bytes($"POST {Facts} HTTP/{dice.Pick("1.0", "1.2", "0.9")}\r\nAuthorization: Bearer {key}\r\nContent-Length: 0\r\n\r\n")),
            10 => new(Bytes($"POST {Facts} HTTP/1.1\r\nHost: {dice.Pick("", "a b", "x:99999", new string('h', 300), "é", "[::1")}\r\nAuthorization: Bearer {key}\r\nContent-Length: 0\r\n\r\n")),
            _ => Posted(body, more: "Tokamak-Forwarded: another\r\nX-Forwarded-For: '\r\nX-HTTP-Method-Override: DELETE\r\n"),
        };
    }

    private FuzzedRequest Pathed()
    {
        var method = dice.Pick<string>(Methods);
        var path = dice.Chance(60) ? dice.Pick<string>(Paths) : dice.Pick(Facts, "/api/v1/sales", "/api/v1/sales/s/returns");
        return new(Whole(method, path, Bytes(Text(Fact()) + "\n"), "application/x-ndjson", $"Bearer {key}", ""), HasAnswerBody: method != "HEAD");
    }

    private FuzzedRequest Sized() => dice.Next(12) switch
    {
        0 => Posted(Bytes(string.Concat(Enumerable.Repeat("{}\n", TakeFacts.MostFacts + dice.Next(0, 2))))),
        1 => Posted(Bytes(new string(' ', (1 << 20) + dice.Next(-1, 2)) + "\n")),
        2 => Posted(Bytes($"{{\"type\":\"service\",\"id\":\"{new string('x', 1 << 20)}\"}}\n")),
        3 => new(Bytes($"POST {Facts} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nConnection: close\r\nContent-Length: {dice.Pick((16 << 20) + 1, 40_000_000, int.MaxValue)}\r\n\r\n")),
        _ => Posted(Bytes(new string('\n', dice.Next(0, 5000)))),
    };

    private FuzzedRequest Single()
    {
        var (route, type) = dice.Pick<(string, string)>([.. TakeOneFact.Routes]);
        var path = "/api/v1" + route.Replace("{id}", dice.Pick("w1-f5", "nothing", "%2e%2e", "%00", "a%2Cb", "%E7%94%B2", new string('i', 101), "%ED%A0%80"), StringComparison.Ordinal);
        var fact = Fact();
        var body = dice.Next(4) switch { 0 => Scratched(fact), 1 => Odded(fact), 2 => Rebuilt(fact), _ => Bytes(Text(fact)) };
        if (dice.Chance(30)) body = Bytes(dice.Pick("", "[]", "1", "null", "\"x\"", $"{{\"type\":\"{type}\"}}", "{\"type\":1}", $"{{\"sale\":null,\"id\":{Value()}}}"));
        return new(Whole("POST", path, body, dice.Pick("application/json", "application/json", "text/plain"), $"Bearer {key}", ""));
    }

    private FuzzedRequest Posted(byte[] body, string type = "application/x-ndjson", string? authorization = null, string more = "") =>
        new(Whole("POST", Facts, body, type, authorization ?? $"Bearer {key}", more + (dice.Chance(5) ? $"Idempotency-Key: fuzz-{dice.Next(50)}\r\n" : "")));

    private static byte[] Whole(string method, string path, byte[] body, string type, string authorization, string more) =>
    [
        .. Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{method} {path} HTTP/1.1\r\nHost: shop.example\r\nAuthorization: {authorization}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n{more}\r\n")),
        .. body,
    ];
}
