using System.Globalization;
using System.Text.Json.Nodes;

namespace Chat.AdminApi.Tests;

/// <summary>Someone with an account and one signed-in device.</summary>
internal sealed record Person(long Id, string Name, string Email, string Token, string RefreshToken)
{
    public const string Password = "correct horse battery";

    private static readonly string Run = Guid.NewGuid().ToString("N")[..8];
    private static int _count;

    /// <summary>An e-mail address that no other test uses, also when a database outlives a run.</summary>
    public static string NewEmail() => $"p{Interlocked.Increment(ref _count)}.{Run}@example.com";

    /// <summary>A phone number that no other test of this run uses.</summary>
    public static string NewPhone() => "+4930" + (1_000_000 + Interlocked.Increment(ref _count)).ToString(CultureInfo.InvariantCulture);

    public static async Task<Person> RegisterAsync(string name = "Ada", ApiClient? client = null)
    {
        string email = NewEmail();
        ApiAnswer answer = await (client ?? ApiServer.Client).PostAsync(
            "/api/auth/register", null, new { name, email, password = Password, deviceName = "test" });
        JsonNode data = answer.MustBe(201).Json["data"]!;
        return new Person((long)data["user"]!["principalId"]!, name, email, (string)data["token"]!, (string)data["refreshToken"]!);
    }

    public Task<ApiAnswer> GetAsync(string path) => ApiServer.Client.GetAsync(path, Token);

    public Task<ApiAnswer> PostAsync(string path, object? body = null) => ApiServer.Client.PostAsync(path, Token, body);

    public Task<ApiAnswer> PutAsync(string path, object? body = null) => ApiServer.Client.PutAsync(path, Token, body);

    public Task<ApiAnswer> DeleteAsync(string path) => ApiServer.Client.DeleteAsync(path, Token);

    public async Task<long> CreateGroupAsync(string name, params Person[] members)
    {
        ApiAnswer made = await PostAsync("/api/groups", new { name, memberIds = members.Select(member => member.Id) });
        return (long)made.MustBe(201).Json["chatId"]!;
    }

    public async Task<long> OpenDirectAsync(Person other) =>
        (long)(await PostAsync("/api/chats", new { principalId = other.Id })).MustBe(200).Json["chatId"]!;

    public async Task<long> SayAsync(long chatId, string text, long? replyTo = null)
    {
        ApiAnswer sent = await PostAsync($"/api/chats/{chatId}/messages", new { clientMessageId = Guid.NewGuid(), text, replyTo });
        return (long)sent.MustBe(200).Json["sequence"]!;
    }
}
