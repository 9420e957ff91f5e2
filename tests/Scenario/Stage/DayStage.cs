using System.Collections.Concurrent;
using System.Text.Json.Nodes;

using Chat.Load.Processes;
using Chat.Scenario.Devices;

namespace Chat.Scenario.Stage;

/// <summary>The server, the people with their devices, and what the script knows of the chats.</summary>
internal sealed class DayStage(ScenarioOptions options, ChatServer server, IReadOnlyList<Person> people)
{
    public const string Password = "a day like any other";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45); // a killed server is back by then
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(90);

    private readonly ConcurrentQueue<ScenarioChat> _chats = new();

    public ScenarioOptions Options => options;

    public ChatServer Server => server;

    public IReadOnlyList<Person> People => people;

    /// <summary>Of the script's choices. Drawn from between steps only: the same seed makes the same choices.</summary>
    public Random Random { get; } = new(options.Seed);

    public Journal Journal { get; } = new();

    public IReadOnlyCollection<ScenarioChat> Chats => _chats;

    /// <summary>People whose name is another than in the morning.</summary>
    public HashSet<long> Renamed { get; } = [];

    /// <summary>Who does not show to everybody what they have got and read: without read receipts, or in a block.</summary>
    public HashSet<long> Reserved { get; } = [];

    /// <summary>Calls that go on while other things happen.</summary>
    public List<LongCall> LongCalls { get; } = [];

    /// <summary>The call that nobody answers, and who is in it until its time is over.</summary>
    public long Unanswered { get; set; }

    public HashSet<Person> Ringing { get; } = [];

    /// <summary>When the server was cut off, by the clock of its messages.</summary>
    public long KilledAtMs { get; set; }

    public IEnumerable<Device> Devices => people.SelectMany(person => person.Devices);

    public T Pick<T>(IReadOnlyList<T> from) => from[Random.Next(from.Count)];

    /// <summary>An id by which a repeated request is known.</summary>
    public Guid NextKey()
    {
        byte[] key = new byte[16];
        Random.NextBytes(key);
        return new Guid(key);
    }

    /// <summary>One of a person's devices that has a network; every person has one.</summary>
    public Device DeviceOf(Person person) => Pick<Device>([.. person.Devices.Where(device => device.IsPresent)]);

    public ScenarioChat Add(ScenarioChat chat)
    {
        if (_chats.FirstOrDefault(known => known.Id == chat.Id) is { } held) return held;
        _chats.Enqueue(chat);
        return chat;
    }

    /// <summary>
    /// Lets a device do something, again while the network or the server is not there; what is refused otherwise is a fault of the day,
    /// unless the script expects that it may be. Done twice, it may be refused as done already.
    /// </summary>
    /// <param name="mayBe">Names of codes that the course of things may bring.</param>
    public async Task<JsonNode?> DoAsync(Device device, string operation, JsonObject args, CancellationToken ct, params string[] mayBe)
    {
        long start = TimeProvider.System.GetTimestamp();
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                JsonNode? result = await device.DoAsync(operation, args, ct).WaitAsync(Longest, ct);
                Journal.Done($"{operation} of {device.Name}", TimeProvider.System.GetElapsedTime(start));
                return result;
            }
            catch (TimeoutException)
            {
                Journal.Fault($"{device.Name}: {operation} {args.ToJsonString()} had no outcome for {Longest.TotalSeconds:0} s");
                return null;
            }
            catch (OperationFailure passing) when (passing.IsRetryable && TimeProvider.System.GetElapsedTime(start) < Patience)
            {
                Journal.Repeated();
                await Task.Delay(Pause, TimeProvider.System, ct);
            }
            catch (OperationFailure refused)
            {
                if ((attempt > 1 && !refused.IsRetryable && refused.Name is not "internal") || mayBe.Contains(refused.Name)) Journal.Refused();
                else Journal.Fault($"{device.Name}: {operation} {args.ToJsonString()} was refused: {refused.Message}");
                return null;
            }
        }
    }

    /// <summary>Lets a device do something that must be refused with this code.</summary>
    public async Task MustNotAsync(Device device, string operation, JsonObject args, string code, CancellationToken ct)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await device.DoAsync(operation, args, ct);
                Journal.Fault($"{device.Name}: {operation} {args.ToJsonString()} was not refused; it must be, with {code}");
                return;
            }
            catch (OperationFailure passing) when (passing.IsRetryable && attempt < 100)
            {
                await Task.Delay(Pause, TimeProvider.System, ct);
            }
            catch (OperationFailure refused)
            {
                if (refused.Name == code) Journal.Refused();
                else Journal.Fault($"{device.Name}: {operation} {args.ToJsonString()} must be refused with {code}: {refused.Message}");
                return;
            }
        }
    }

    /// <summary>Sends a message, and keeps what was acked.</summary>
    public async Task<StoredMessage?> SendAsync(
        ScenarioChat chat, Person sender, Device device, string operation, JsonObject args, CancellationToken ct, params string[] mayBe)
    {
        args["chatId"] = chat.Id;
        if (await DoAsync(device, operation, args, ct, mayBe) is not { } acked) return null;

        StoredMessage message = new(chat.Id, acked["sequence"]!.GetValue<long>(), acked["clientMessageId"]!.GetValue<string>(), sender);
        Journal.Ack(message);
        chat.Keep(message);
        return message;
    }
}
