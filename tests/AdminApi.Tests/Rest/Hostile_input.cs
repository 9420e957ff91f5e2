using System.Diagnostics;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chat.AdminApi.OpenApi;
using Chat.AdminApi.Tests.OpenApi;

namespace Chat.AdminApi.Tests.Rest;

/// <summary>
/// promises 3.3, row REST/admin: every route × {missing, wrong type, huge, unicode, NUL, negative, 2^63, deep JSON}, generated from
/// the routes of the host. Never a 5xx; every failure a problem document whose status the description names.
/// </summary>
[Property("Promise", "3.3")]
internal sealed class Hostile_input
{
    private static readonly string[] PathValues =
    [
        "0", "-1", "abc", "1.5", "1e3", "0x10", "+1", "%201", "9007199254740991", "9007199254740992", "9223372036854775807",
        "9223372036854775808", "18446744073709551616", "%00", "1%00", "%F0%9F%98%80", "%D9%A3", "%FF%FE",
        "..", "%2e%2e", "%2F", "null", new('9', 3000), "'%20or%201=1--",
    ];

    private static readonly string[] QueryValues =
    [
        "", "0", "-1", "abc", "1.5", "9007199254740992", "9223372036854775808", "99999999999999999999", "%00", "%F0%9F%98%80",
        "%FF", "null", "true",
        "1&{name}=2", new('9', 3000), new('x', 3000), "'%20or%201=1--", "%25", "1.1", "999999999999999999.1", "a%40b.c", "%2B49301234567",
    ];

    private static readonly string[] JsonValues =
    [
        "null", "true", "0", "1", "-1", "1.5", "1e400", "9007199254740992", "9223372036854775807", "9223372036854775808",
        "-9223372036854775809", "\"\"", "\" \"", "\"x\"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00\\ud800\"",
        "\"😀👩‍👩‍👧\"", "\"\\u202e\\u2066\"", "\"1\"",
        "\"00000000-0000-0000-0000-000000000000\"", "\"'; drop table events; --\"",
        "[]", "[null]", "[-1]", "[9223372036854775808]", "[0]", "[[]]",
        "[4000000000000]", "{}", "{\"a\":1}", "\"" + new string('x', 20_000) + "\"", "\"" + new string('ü', 30_000) + "\"",
        Deep(20, "1"), Deep(1000, "1"),
    ];

    private static readonly string[] Bodies =
    [
        "", " ", "null", "true", "1", "\"\"", "[]", "[{}]", "{", "}", "{}", "{]", "{\"a\"", "{'a':1}", "{a:1}",
        "{\"unknown\":1}", "{\"__proto__\":{}}",
        "{}{}", "{} x", "{,}", "{\"a\":1,}", "// c\n{}", "{/* c */}", "\u0000", "NaN", "{\"\":null}", "{\"a\":1,\"a\":2}", Deep(1000, "1"),
        "{\"a\":" + Deep(1000, "1") + "}",
    ];

    [Test, CancelAfter(300_000)]
    public async Task No_route_breaks_and_every_refusal_is_described()
    {
        JsonNode description = await ApiDescription.ReadAsync();
        Attacker attacker = new(await Person.RegisterAsync("Mallory"), await Person.RegisterAsync("Bob"));
        await attacker.SettleAsync();
        int requests = 0;
        (TimeSpan Time, string What) slowest = default;

        foreach (ApiRoute route in RouteTable.Of(ApiServer.Host))
        {
            JsonNode operation = description["paths"]![route.Pattern]![route.Method.ToLowerInvariant()]!;
            HashSet<string> described = [.. operation["responses"]!.AsObject().Select(response => response.Key)];
            foreach (Attempt attempt in Attempts(route))
            {
                long start = Stopwatch.GetTimestamp();
                ApiAnswer answer = await attacker.SendAsync(route, attempt);
                if (Stopwatch.GetElapsedTime(start) is { } time && time > slowest.Time) slowest = (time, $"{route} {attempt}");
                requests++;

                string what = $"{route} {attempt} → {answer.Status}: {answer.Text}";
                Assert.That(answer.Status, Is.LessThan(500), what);
                if (attempt.IsRefusedByTheServer && (answer.Status, answer.Text) == (400, "")) continue;

                // A path that no longer fits the route (a slash, dots) is an unknown route, which is nobody's operation.
                if (answer.Status is not (404 or 405) || !attempt.MayLeaveRoute)
                    Assert.That(described, Has.Member($"{answer.Status}"), what);
                if (answer.Status >= 400 && route.Method != "HEAD") answer.MustBeProblem(); // an answer to HEAD has no body
            }
        }

        await TestContext.Out.WriteLineAsync(
            $"{requests} requests, the slowest took {slowest.Time.TotalMilliseconds:F0} ms: {slowest.What}");
        Assert.That(requests, Is.GreaterThan(1000), "the generator has lost its routes");
        Assert.That(ApiServer.Host.Log.Lines.Where(line => line.Text.Contains(" failed, request ", StringComparison.Ordinal)), Is.Empty);
    }

    [Test, CancelAfter(30_000)]
    public async Task A_member_that_is_not_known_or_wrong_is_named()
    {
        Person ada = await Person.RegisterAsync();

        await MustNameAsync(ada, "/api/chats", """{"principalId":1,"surprise":2}""", "surprise");
        await MustNameAsync(ada, "/api/chats", """{"principalId":"1"}""", "principalId");
        await MustNameAsync(ada, "/api/chats", """{"principalId":1,"principalId":2}""", "principalId");
        await MustNameAsync(ada, "/api/chats", """{"PrincipalId":1}""", "PrincipalId");
        await MustNameAsync(ada, "/api/groups", """{"name":"x","memberIds":[1,2,9223372036854775808]}""", "memberIds[2]");
    }

    [TestCase("""{"principalId":""", 16)]
    [TestCase("""{"principalId":1,}""", 18)]
    [TestCase("""{principalId:1}""", 2)]
    [CancelAfter(30_000)]
    public async Task A_body_that_is_no_JSON_is_told_where_it_ends_to_be(string body, int at)
    {
        Person ada = await Person.RegisterAsync();

        ApiAnswer answer = (await ApiServer.Client.SendAsync("POST", "/api/chats", ada.Token, body)).MustFail(400, "invalid_argument");

        Assert.That((string?)answer.Json["detail"], Does.Contain($"not JSON that can be read: look at line 1, byte {at},"));
        Assert.That(answer.Json["field"], Is.Null, "the member before it is not at fault");
    }

    [Test, CancelAfter(30_000)]
    public async Task A_body_over_64_KiB_is_refused_with_and_without_a_declared_length()
    {
        Person ada = await Person.RegisterAsync();
        byte[] body = Encoding.UTF8.GetBytes($$"""{"name":"{{new string('x', 70_000)}}"}""");
        using ByteArrayContent declared = Json(body);
        using PushedContent chunked = new(body);

        ApiAnswer one = await ApiServer.Client.SendAsync("POST", "/api/groups", ada.Token, declared, new Dictionary<string, string>());
        ApiAnswer two = await ApiServer.Client.SendAsync("POST", "/api/groups", ada.Token, chunked, new Dictionary<string, string>());

        one.MustFail(413, "invalid_argument");
        two.MustFail(413, "invalid_argument");
    }

    [TestCase("text/plain")]
    [TestCase("application/xml")]
    [TestCase("multipart/form-data; boundary=x")]
    [TestCase("application/json; charset=utf-16")]
    [TestCase("application/json; charset=nonsense")]
    [TestCase("nonsense")]
    [TestCase(null)]
    [CancelAfter(30_000)]
    public async Task A_media_type_that_is_not_JSON_in_UTF_8_is_refused(string? mediaType)
    {
        Person ada = await Person.RegisterAsync();
        using ByteArrayContent content = Json("""{"name":"x"}"""u8.ToArray());
        content.Headers.Remove("Content-Type");
        if (mediaType is not null) content.Headers.TryAddWithoutValidation("Content-Type", mediaType);

        ApiAnswer answer = await ApiServer.Client.SendAsync("POST", "/api/groups", ada.Token, content, new Dictionary<string, string>());

        answer.MustFail(415, "invalid_argument");
    }

    [Test, CancelAfter(30_000)]
    public async Task Bytes_that_are_not_UTF_8_are_refused()
    {
        Person ada = await Person.RegisterAsync();
        using ByteArrayContent content = Json([.. "{\"name\":\""u8, 0xC3, 0x28, 0xFF, .. "\"}"u8]);

        ApiAnswer answer = await ApiServer.Client.SendAsync("POST", "/api/groups", ada.Token, content, new Dictionary<string, string>());

        answer.MustFail(400, "invalid_argument");
    }

    private static async Task MustNameAsync(Person ada, string path, string body, string field)
    {
        ApiAnswer answer = (await ApiServer.Client.SendAsync("POST", path, ada.Token, body)).MustFail(400, "invalid_argument");
        Assert.That((string?)answer.Json["field"], Is.EqualTo(field), answer.Text);
    }

    private static IEnumerable<Attempt> Attempts(ApiRoute route)
    {
        yield return new Attempt("as it should be");
        foreach (string parameter in route.PathParameters)
        {
            foreach (string value in PathValues) yield return new Attempt("path", parameter, value);
        }

        foreach (string parameter in route.QueryParameters)
        {
            foreach (string value in QueryValues)
                yield return new Attempt("query", parameter, value.Replace("{name}", parameter, StringComparison.Ordinal));
        }

        foreach (string body in Bodies) yield return new Attempt("body", Value: body);
        foreach (PropertyInfo member in route.Body?.GetProperties() ?? [])
        {
            string name = JsonNamingPolicy.CamelCase.ConvertName(member.Name);
            yield return new Attempt("without", name);
            foreach (string value in JsonValues) yield return new Attempt("member", name, value);
        }
    }

    private static string Deep(int depth, string inner) => new string('[', depth) + inner + new string(']', depth);

    private static ByteArrayContent Json(byte[] body)
    {
        ByteArrayContent content = new(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private sealed record Attempt(string Place, string? Name = null, string? Value = null)
    {
        public bool MayLeaveRoute => Place == "path";

        /// <summary>A NUL in a path is not HTTP: Kestrel ends it with a bare 400 before any of our code runs.</summary>
        public bool IsRefusedByTheServer => Place == "path" && Value!.Contains("%00", StringComparison.Ordinal);

        public override string ToString() => $"{Place} {Name} {(Value?.Length > 80 ? $"{Value[..80]}…({Value.Length})" : Value)}";
    }

    /// <summary>Signed in, in a group, and again so whenever an attempt has ended that.</summary>
    private sealed class Attacker(Person mallory, Person bob)
    {
        private Person _mallory = mallory;
        private long _group;

        public async Task SettleAsync()
        {
            (await _mallory.DeleteAsync($"/api/blocks/{bob.Id}")).MustBe(204); // who is blocked cannot be brought into a group
            _group = await _mallory.CreateGroupAsync("Target", bob);
        }

        public async Task<ApiAnswer> SendAsync(ApiRoute route, Attempt attempt)
        {
            ApiAnswer answer = await ApiServer.Client.SendAsync(
                route.Method, PathOf(route, attempt), _mallory.Token, BodyOf(route, attempt));
            if (route.OperationId.StartsWith("logout", StringComparison.Ordinal)) _mallory = await Person.RegisterAsync("Mallory");
            if (answer.Status < 300 && (route.Method == "DELETE" || route.Pattern.EndsWith("/leave", StringComparison.Ordinal)
                || route.OperationId.StartsWith("logout", StringComparison.Ordinal) || route.OperationId == "setMemberRole"))
                await SettleAsync();
            return answer;
        }

        private string PathOf(ApiRoute route, Attempt attempt)
        {
            string path = route.Pattern;
            foreach (string parameter in route.PathParameters)
            {
                string good = parameter switch { "chatId" => $"{_group}", "principalId" => $"{bob.Id}", _ => "1" };
                string value = attempt.Place == "path" && attempt.Name == parameter ? attempt.Value! : good;
                path = path.Replace($"{{{parameter}}}", value, StringComparison.Ordinal);
            }

            return attempt.Place == "query" ? $"{path}?{attempt.Name}={attempt.Value}" : path;
        }

        private static string? BodyOf(ApiRoute route, Attempt attempt)
        {
            if (attempt.Place == "body") return route.Method is "GET" or "HEAD" ? null : attempt.Value;
            if (route.Body is null) return null;

            JsonObject good = Examples.Of(route.Body)!.AsObject();
            if (attempt.Place is not ("without" or "member")) return good.ToJsonString();

            good.Remove(attempt.Name!);
            if (attempt.Place == "without") return good.ToJsonString();

            // Written by hand: values such as 1e400 or a lone surrogate cannot pass through a JSON node.
            string rest = good.ToJsonString()[1..];
            return $"{{\"{attempt.Name}\":{attempt.Value}{(good.Count > 0 ? "," : "")}{rest}";
        }
    }

    /// <summary>A body that is sent in chunks, without a length.</summary>
    private sealed class PushedContent : HttpContent
    {
        private readonly byte[] _body;

        public PushedContent(byte[] body)
        {
            _body = body;
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) =>
            stream.WriteAsync(_body).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
