using Chat.Scenario.Devices;

namespace Chat.Scenario.Stage;

/// <summary>Cuts the connections of one device after another, at random, for as long as it lives; each may come back at once.</summary>
internal sealed class Weather : IAsyncDisposable
{
    private static readonly TimeSpan LongestCalm = TimeSpan.FromMilliseconds(400);

    private readonly CancellationTokenSource _ending = new();
    private readonly Task _blowing;

    public Weather(IReadOnlyList<Device> devices, int seed) => _blowing = BlowAsync(devices, new Random(seed));

    public int Cuts { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _blowing;
        _ending.Dispose();
    }

    private async Task BlowAsync(IReadOnlyList<Device> devices, Random random)
    {
        try
        {
            while (true)
            {
                await Task.Delay(LongestCalm * random.NextDouble(), TimeProvider.System, _ending.Token);
                Device device = devices[random.Next(devices.Count)];
                if (!device.IsPresent) continue;
                device.Cut();
                Cuts++;
            }
        }
        catch (OperationCanceledException)
        {
            return; // the day is over
        }
    }
}
