using Chat.Scenario.Devices;
using Chat.Scenario.Stage;

namespace Chat.Scenario.Phases;

/// <summary>Devices sign in for the first time: most in the morning, before there is a chat; some later, when there is much to list.</summary>
/// <param name="latecomers">Every third device of every second person, or all the others.</param>
internal sealed class ArrivalPhase(bool latecomers) : IPhase
{
    private const int AtOnce = 6;

    public string Title => latecomers ? "the last devices sign in" : "people sign in";

    public async Task RunAsync(DayStage stage, CancellationToken ct)
    {
        Crowd crowd = new(AtOnce);
        foreach (Person person in stage.People)
        {
            foreach ((int i, Device device) in person.Devices.Index())
            {
                if (device.IsSignedIn || IsLatecomer(person, i) != latecomers) continue;
                await crowd.StartAsync(() => async () => person.Id = await device.ConnectAsync(person.Login, DayStage.Password, ct), ct);
            }
        }

        await crowd.EndAsync();
    }

    private static bool IsLatecomer(Person person, int device) => device == 2 && person.Index % 2 == 1;
}
