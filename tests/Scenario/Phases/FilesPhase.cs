using System.Text.Json.Nodes;

using Chat.Scenario.Devices;
using Chat.Scenario.Stage;

namespace Chat.Scenario.Phases;

/// <summary>Messages of every kind that shows a file; uploads whole, in parts, and broken off and gone on with.</summary>
internal sealed class FilesPhase : IPhase
{
    private const int AtOnce = 4;
    private const int Rounds = 3;
    private const int SmallBytes = 3_000;
    private const int LargeBytes = 300_000; // several of the smallest parts

    private static readonly byte[] Gif = [.. "GIF89a"u8, 0x2C, 1, 0xC8, 0, 0, 0, 0]; // 300 × 200 pixels
    private static readonly byte[] Mp4 = [0, 0, 0, 24, .. "ftypisom"u8, 0, 0, 2, 0, .. "isomiso2"u8, 0, 0, 0, 8, .. "moov"u8, 0, 0, 0, 0, .. "mdat"u8]; // to the end
    private static readonly byte[] Ogg = [.. "OggS"u8, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 19, .. "OpusHead"u8, 1, 1, 0, 0, 0x80, 0xBB, 0, 0, 0, 0, 0];

    private static readonly (string Kind, string FileName, byte[] Head)[] Files =
    [
        ("image", "picture.gif", Gif),
        ("video", "film.mp4", Mp4),
        ("audio", "song.ogg", Ogg),
        ("voice", "voice.ogg", Ogg),
        ("document", "paper.pdf", [.. "%PDF-1.7\n"u8]),
    ];

    public string Title => "files are sent";

    public async Task RunAsync(DayStage stage, CancellationToken ct)
    {
        string folder = Directory.CreateTempSubdirectory("chat-scenario-").FullName;
        try
        {
            Crowd crowd = new(AtOnce);
            for (int n = 0; n < Files.Length * Rounds; n++) await crowd.StartAsync(() => Send(stage, n, folder, ct), ct);
            await crowd.EndAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Func<Task> Send(DayStage stage, int number, string folder, CancellationToken ct)
    {
        (string kind, string fileName, byte[] head) = Files[number % Files.Length];
        bool isLarge = number % Rounds != 0;
        ScenarioChat chat = stage.Pick<ScenarioChat>([.. stage.Chats.Where(chat => chat.Writers.Length > 0).OrderBy(chat => chat.Id)]);
        Person sender = stage.Pick<Person>(chat.Writers);
        Device device = stage.DeviceOf(sender);
        string path = Path.Combine(folder, $"{number}-{fileName}");
        File.WriteAllBytes(path, BytesOf(head, isLarge ? LargeBytes : SmallBytes, stage.Random));
        JsonObject upload = new()
        {
            ["chatId"] = chat.Id,
            ["path"] = path,
            ["fileName"] = fileName,
            ["purpose"] = "media",
            ["interrupt"] = isLarge && number % Rounds == 1,
        };
        return async () =>
        {
            if (await stage.DoAsync(device, "upload", upload, ct) is not JsonObject file) return;
            JsonObject content = new() { ["kind"] = kind, ["media"] = MediaOf(kind, file) };
            await stage.SendAsync(chat, sender, device, "send", new JsonObject { ["text"] = $"{kind} {number}", ["content"] = content }, ct);
        };
    }

    private static JsonObject MediaOf(string kind, JsonObject file)
    {
        JsonObject media = file.DeepClone().AsObject();
        if (kind is "image" or "video") (media["width"], media["height"]) = (300, 200);
        if (kind is "video" or "audio" or "voice") media["durationMs"] = 4_200;
        if (kind == "voice") media["waveform"] = new JsonArray(0, 128, 255, 3);
        if (kind == "image") media["preview"] = "LEHV6nWB2yk8pyo0adR*.7kCMdnj";
        return media;
    }

    private static byte[] BytesOf(byte[] head, int bytes, Random random)
    {
        byte[] file = new byte[bytes];
        random.NextBytes(file);
        head.CopyTo(file, 0);
        return file;
    }
}
