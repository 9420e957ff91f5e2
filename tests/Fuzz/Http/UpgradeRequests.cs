using System.Text;
using Chat.Fuzz.Engine;

namespace Chat.Fuzz.Http;

/// <summary>Makes request heads around a WebSocket upgrade: right ones, and those of the list of promise 4.3.</summary>
internal static class UpgradeRequests
{
    private static readonly string[] Methods = ["POST", "get", "HEAD", "OPTIONS", "CONNECT", "PRI", "GET\t", " GET", "G", ""];
    private static readonly string[] Targets =
    [
        "/ws?x=1", "/ws?", "/ws?a b", "/ws?\u0001", "/ws?é", "/ws/", "/wsx", "/", "*", "/WS", "//ws", "/%77s", "http://a/ws",
        "HTTPS://a.b:1/ws?x", "http://a", "ws://a/ws", "a:443",
    ];

    private static readonly string[] Versions = ["HTTP/1.0", "HTTP/2.0", "HTTP/1.1 ", "http/1.1", "HTTP/1.2", "HTTP/1", "", "HTTP/1.1\tx"];
    private static readonly string[] Hosts =
    [
        "a", "chat.example", "chat.example:8080", "[::1]:80", "[::1]", "a:0", "a:65535", "a:65536", "a:", "a:+1", "a b", "a@b", "",
        "[", "[]", "[:]", "[zz]", "é", "a,b", "a/b", "A.-_9", ":80", "a:80:90",
    ];

    private static readonly string[] Keys =
    [
        "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ===", "dGhlIHNhbXBsZSBub25jZR==", "dGhl IHNhbXBsZSBub25jZQ==",
        "dGhlIHNhbXBsZSBub25jZXh4", "", "AAAAAAAAAAAAAAAAAAAAAA==", "dGhlIHNhbXBsZSBub25j\u00e9Q==", "_____________________w==",
    ];

    private static readonly string[] Others =
    [
        "Content-Length: 0", "Content-Length: 5", "Content-Length: +0", "Content-Length: 00", "Content-Length:",
        "Content-Length: 0\r\nContent-Length: 0", "Transfer-Encoding: chunked", "Transfer-Encoding:",
        "transfer-encoding: identity", "Content-Length: 0\r\nTransfer-Encoding: chunked", "Origin: https://chat.example",
        "Origin: null", "Origin:", "Origin: a\r\nOrigin: b", "Cookie: a=b", "X: é\u00ff",
        "X : 1", " X: 1", "\tX: 1", ": 1", "X", "X: \u0000", "X: a\u0001b", "X: a\u007fb", "X: a\nb", "X: a\rb", "X: a\r\n b",
        "X(y): 1", "é: 1", "Sec-WebSocket-Extensions: permessage-deflate", "Expect: 100-continue",
        "HTTP2-Settings: AAMAAABkAAQAAP__", "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", "TE: trailers", "Host: second",
        "Sec-WebSocket-Version: 8", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    ];

    private static readonly string[] Origins =
    [
        "https://chat.example:8080", "http://chat.example:8080", "HTTPS://CHAT.EXAMPLE:8080", "https://chat.example",
        "https://allowed.example",
        "https://allowed.example:443", "https://allowed.example:444", "http://allowed.example", "https://evil-allowed.example", "null", "",
        "https://allowed.example.", "https://a@allowed.example", "https://allowed.example/", "https://allowed.example https://b", "://a",
        "https://", "h ttps://allowed.example", "ws://chat.example:8080", "wss://allowed.example", "ftp://a", "https://[::1]:8080",
        "https://[::1", "https://allowed.example:", "https://allowed.example:0", "https://allowed.example:65536", "https://é.example",
    ];

    private static readonly string[] Tails = ["\0", "\r\n", "x", "GET /ws HTTP/1.1\r\n\r\n", "\u0082\u0080abcd", "0\r\n\r\n"];
    private static readonly string[] LineEnds = ["\n", "\r", "\r\r\n", "\n\r\n", " \r\n", ""];

    public static byte[] Make(FuzzRandom random, IReadOnlyList<byte[]> corpus)
    {
        byte[] head = random.Once(10) && corpus.Count > 0 ? random.Pick(corpus) : Encoding.Latin1.GetBytes(Head(random));
        if (random.Once(12)) head = head[..random.Next(head.Length + 1)];
        return random.Once(4) ? Mutator.Change(head, random, head) : head;
    }

    private static string Head(FuzzRandom random)
    {
        int oddEvery = random.Once(3) ? 1_000 : 8;
        string Or(string right, string[] odd) => random.Once(oddEvery) ? random.Pick(odd) : right;

        List<string> fields =
        [
            "Host: " + Or("chat.example:8080", Hosts),
            "Upgrade: " + Or("websocket", ["WebSocket", "h2c", "websocket, h2c", "websocke", ""]),
            "Connection: "
                + Or("Upgrade", ["keep-alive, Upgrade", "upgrade,", ",UPGRADE", "close", "Upgraded", "Upgrade\t, x", "up grade", ""]),
            "Sec-WebSocket-Key: " + Or("dGhlIHNhbXBsZSBub25jZQ==", Keys),
            "Sec-WebSocket-Version: " + Or("13", ["8", "013", "13, 8", "1 3", ""]),
        ];
        if (random.Once(2)) fields.Insert(random.Next(fields.Count + 1), "Origin: " + random.Pick(Origins));
        if (random.Once(oddEvery)) fields.RemoveAt(random.Next(fields.Count));
        if (random.Once(oddEvery)) fields.Add(fields[random.Next(fields.Count)]);
        for (int more = random.Next(3); more > 0; more--)
            fields.Insert(random.Next(fields.Count + 1), random.Once(oddEvery) ? random.Pick(Others) : "X-" + more + ":\t v ");
        if (random.Once(30)) fields.AddRange(Enumerable.Range(0, random.Next(50, 70)).Select(n => $"X-{n}: v"));
        if (random.Once(30)) fields.Insert(random.Next(fields.Count), "Cookie: " + new string('c', random.Next(4080, 4110)));
        if (random.Once(60)) fields.AddRange(Enumerable.Repeat("Cookie: " + new string('c', 2_000), random.Next(3, 6)));

        StringBuilder head = new();
        head.Append(Or("GET", Methods)).Append(random.Once(oddEvery * 4) ? "  " : " ").Append(Or("/ws", Targets)).Append(' ')
            .Append(Or("HTTP/1.1", Versions));
        if (random.Once(80)) head.Insert(random.Next(4, head.Length), new string('q', random.Next(4060, 4110)));
        head.Append(Or("\r\n", LineEnds));
        foreach (string field in fields)
            head.Append(Cased(field, random)).Append(random.Once(oddEvery * 5) ? random.Pick(LineEnds) : "\r\n");
        head.Append(Or("\r\n", LineEnds));
        if (random.Once(oddEvery)) head.Append(random.Pick(Tails));
        return head.ToString();
    }

    private static string Cased(string field, FuzzRandom random) => random.Next(12) switch
    {
        0 => field.ToUpperInvariant().Replace("DGHLIHNHBXBSZSBUB25JZQ==", "dGhlIHNhbXBsZSBub25jZQ==", StringComparison.Ordinal),
        1 => field.Replace(": ", ":", StringComparison.Ordinal),
        2 => field.Replace(": ", ": \t ", StringComparison.Ordinal) + " \t",
        _ => field,
    };
}
