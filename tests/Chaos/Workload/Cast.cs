using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

using Chat.Sdk;

namespace Chat.Chaos.Workload;

/// <summary>The people and chats of a run.</summary>
internal sealed class Cast : IDisposable
{
    private const string Password = "chaos and order, both";

    private Cast(ChaosDevice[][] devices, ChaosDevice? leaver) => (Devices, Leaver) = (devices, leaver);

    /// <summary>Of each person the signed-in devices.</summary>
    public ChaosDevice[][] Devices { get; }

    /// <summary>One more device of the first person, which is signed out in the middle of the run.</summary>
    public ChaosDevice? Leaver { get; }

    public IReadOnlyList<ChaosChat> Chats { get; private set; } = [];

    public IEnumerable<ChaosDevice> AllDevices =>
        Leaver is null ? Devices.SelectMany(some => some) : Devices.SelectMany(some => some).Append(Leaver);

    /// <summary>Signs everybody in. The cluster is whole at this time: a refusal ends the run.</summary>
    public static async Task<Cast> SignInAsync(WorkloadOptions options, CancellationToken ct)
    {
        string run = Guid.NewGuid().ToString("N")[..12];
        List<ChaosDevice[]> people = [];
        for (int person = 0; person < options.People; person++)
        {
            ChaosDevice[] devices = new ChaosDevice[options.DevicesPerPerson];
            for (int i = 0; i < devices.Length; i++) devices[i] = await SignInAsync(options, run, person, isNew: i == 0, person + i, ct);
            people.Add(devices);
        }

        ChaosDevice? leaver = options.RevokeOneDevice ? await SignInAsync(options, run, 0, isNew: false, 0, ct) : null;
        return new Cast([.. people], leaver);
    }

    /// <summary>Makes the chats, over REST: the first half groups, the others direct.</summary>
    public async Task MakeChatsAsync(WorkloadOptions options, CancellationToken ct)
    {
        List<ChaosChat> chats = [];
        for (int n = 0; n < options.Chats; n++)
        {
            int size = n < (options.Chats + 1) / 2 ? Math.Min(options.MembersPerChat, options.People) : 2;
            int step = size > 2 ? 1 : 1 + (n / Devices.Length % (Devices.Length - 1)); // direct chats: other pairs in the next round
            long[] members = [.. Enumerable.Range(0, size).Select(m => Devices[(n + (m * step)) % Devices.Length][0].User)];
            ChaosDevice admin = Devices[n % Devices.Length][0];
            long chat = size > 2
                ? await MakeAsync(options, admin, "groups", new { name = $"chaos {n}", memberIds = members[1..] }, ct)
                : await MakeAsync(options, admin, "chats", new { principalId = members[1] }, ct);
            chats.Add(new ChaosChat(chat, size > 2, members));
        }

        Chats = [.. chats.DistinctBy(chat => chat.Id)];
    }

    public void Dispose()
    {
        foreach (ChaosDevice device in AllDevices) device.Dispose();
    }

    private static async Task<long> MakeAsync(WorkloadOptions options, ChaosDevice admin, string path, object body, CancellationToken ct)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(options.Nodes[0], "/api/" + path))
        {
            Content = JsonContent.Create(body),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await admin.Account.TokenAsync(TokenReason.Connect, ct));
        using HttpResponseMessage answer = await admin.Http.SendAsync(request, ct);
        string text = await answer.Content.ReadAsStringAsync(ct);
        if (!answer.IsSuccessStatusCode) throw new IOException($"The chat could not be made ({(int)answer.StatusCode}): {text}");

        using JsonDocument made = JsonDocument.Parse(text);
        return made.RootElement.GetProperty("chatId").GetInt64();
    }

    private static async Task<ChaosDevice> SignInAsync(
        WorkloadOptions options, string run, int person, bool isNew, int node, CancellationToken ct)
    {
        NodeRoute route = new(options.Nodes, node);
        HttpClient http = route.CreateHttp();
        AccountOptions known = new() { HttpClient = http };
        string email = $"p{person}-{run}@chaos.example";
        AccountSession account = isNew
            ? await AccountSession.RegisterAsync(options.Nodes[0], $"Person {person}", email, null, Password, known, ct)
            : await AccountSession.SignInAsync(options.Nodes[0], email, Password, known, ct);
        return new ChaosDevice(account, route, http);
    }
}
