using System.Diagnostics;
using System.Net;

using Chat.Load.Processes;
using Chat.Scenario.Devices;
using Chat.Scenario.Phases;
using Chat.Scenario.Stage;
using Chat.Scenario.State;
using Chat.TestKit;

namespace Chat.Scenario;

/// <summary>One day from the start of the server to the verdict.</summary>
internal sealed class ScenarioRun(ScenarioOptions options)
{
    private const int DevicesEach = 3;
    private const int MaxFaultsShown = 40;

    /// <summary>Calls are to last while the server is started again on a machine that has little time.</summary>
    private const string CallLease = "Calls:Lease=00:01:00";

    private static readonly string[] Names =
    [
        "Anna", "Ben", "Carla", "David", "Elif", "Finn", "Greta", "Hugo", "Ines", "Jonas", "Karin", "Leo", "Mira", "Noah", "Olga", "Paul", "Quentin",
        "Rosa", "Sami", "Tara", "Udo", "Vera", "Wim", "Yara",
    ];

    /// <summary>Prints what happened. 0 on a good day, 1 otherwise.</summary>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        Console.WriteLine($"seed {options.Seed}, {options.Steps} random steps (--seed {options.Seed} makes the same choices again)");
        await using ChatServer server = await ChatServer.StartAsync([CallLease], ct, port: FreePort.Next());
        await using NodeDriver node = NodeDriver.Start();
        DayStage stage = new(options, server, MakePeople(server, node));
        try
        {
            // A password costs a core for a while, and the server lets few be judged at once.
            await Parallel.ForEachAsync(
                stage.People, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = ct },
                async (person, stop) => await ServerClient.RegisterAsync(server.Target.Url, person.Name, person.Login, DayStage.Password, stop));
            await PlayAsync(stage, Day.Morning, ct);
            Weather weather = new([.. stage.Devices], options.Seed);
            await using (weather) await PlayAsync(stage, Day.Rest, ct);
            Console.WriteLine($"{stage.Journal}; connections were cut {weather.Cuts} times");
            foreach (string slow in stage.Journal.Slowest) Console.WriteLine($"          {slow}");
            using Evening evening = new(stage);
            await TimeAsync("everybody catches up, and is compared with the server", () => evening.RunAsync(ct));
            return Tell(evening);
        }
        finally
        {
            foreach (Device device in stage.Devices) await device.DisposeAsync();
        }
    }

    /// <summary>Devices take turns on the two SDKs, so that everybody has both.</summary>
    private List<Person> MakePeople(ChatServer server, NodeDriver node)
    {
        IPEndPoint address = new(IPAddress.Loopback, server.Target.Url.Port);
        List<Person> people = [];
        foreach ((int i, string name) in Names.Take(options.People).Index())
        {
            Device[] devices = new Device[DevicesEach];
            for (int n = 0; n < DevicesEach; n++)
            {
                bool isDotnet = (i + n) % 2 == 0;
                string called = $"{name}/{n + 1} ({(isDotnet ? "C#" : "TypeScript")})";
                devices[n] = isDotnet ? new DotnetDevice(called, address, options.Seed + (i * DevicesEach) + n) : new NodeDevice(called, address, node);
            }

            people.Add(new Person(i, name, $"{name.ToLowerInvariant()}@scenario.example", devices));
        }

        return people;
    }

    private static async Task PlayAsync(DayStage stage, IReadOnlyList<IPhase> phases, CancellationToken ct)
    {
        foreach (IPhase phase in phases) await TimeAsync(phase.Title, () => phase.RunAsync(stage, ct));
    }

    private static async Task TimeAsync(string title, Func<Task> work)
    {
        long start = Stopwatch.GetTimestamp();
        await work();
        Console.WriteLine($"{Stopwatch.GetElapsedTime(start).TotalSeconds,6:0.0} s  {title}");
    }

    private static int Tell(Evening evening)
    {
        foreach (string fault in evening.Faults.Take(MaxFaultsShown)) Console.WriteLine($"✗ {fault}");
        if (evening.Faults.Count > MaxFaultsShown) Console.WriteLine($"and {evening.Faults.Count - MaxFaultsShown} more");
        Console.WriteLine($"{evening.Passed} passed, {evening.Faults.Count} failed");
        return evening.Faults.Count == 0 ? 0 : 1;
    }
}
