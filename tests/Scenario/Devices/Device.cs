using System.Net;
using System.Text.Json.Nodes;

using Chat.Chaos.Proxy;

namespace Chat.Scenario.Devices;

/// <summary>
/// One signed-in app of a person, on one of the two SDKs. All that it says to the server, over REST too, goes through a proxy of its own,
/// which may be cut at any moment. What it can be told to do has the same names and arguments on both SDKs.
/// </summary>
internal abstract class Device(string name, EndPoint server) : IAsyncDisposable
{
    /// <summary>Whose, the how manieth, and on which SDK; for people.</summary>
    public string Name { get; } = name;

    /// <summary>It has no network until <see cref="ComeBackAsync"/>.</summary>
    public bool IsAway { get; private set; }

    /// <summary>It was connected once, and is not to be told anything before.</summary>
    public bool IsSignedIn { get; private set; }

    /// <summary>When it was connected for the first time; what was before is not told to it as news.</summary>
    public DateTimeOffset SignedInAt { get; private set; }

    public bool IsPresent => IsSignedIn && !IsAway;

    protected TcpChaosProxy Proxy { get; } = new(server);

    protected Uri Url => new($"http://127.0.0.1:{Proxy.Port}");

    /// <summary>Signs in and connects; returns the person's id.</summary>
    public async Task<long> ConnectAsync(string login, string password, CancellationToken ct)
    {
        JsonObject args = new() { ["url"] = Url.AbsoluteUri, ["login"] = login, ["password"] = password };
        JsonNode? signedIn = await DoAsync("connect", args, ct);
        SignedInAt = TimeProvider.System.GetUtcNow();
        IsSignedIn = true;
        return signedIn!["principalId"]!.GetValue<long>();
    }

    /// <summary>Does one thing as an app does it.</summary>
    /// <exception cref="OperationFailure">It was refused, or the network was gone.</exception>
    public abstract Task<JsonNode?> DoAsync(string operation, JsonObject args, CancellationToken ct);

    /// <summary>All connections of this device are reset; it may come back at once.</summary>
    public void Cut() => Proxy.ResetAll();

    /// <summary>All connections are reset and none can be made.</summary>
    public async Task GoAwayAsync()
    {
        IsAway = true;
        await Proxy.CutAsync();
    }

    public async Task ComeBackAsync(CancellationToken ct)
    {
        Proxy.Heal();
        IsAway = false;
        await DoAsync("wake", [], ct);
    }

    public virtual ValueTask DisposeAsync() => Proxy.DisposeAsync();
}

/// <summary>What an app is told when something was not done.</summary>
/// <param name="name">The code's name (protocol-spec.md §9.1), or what the SDK calls a fault of the network.</param>
/// <param name="message">For the developer.</param>
/// <param name="isRetryable">The same may succeed later.</param>
internal sealed class OperationFailure(string name, string message, bool isRetryable) : Exception($"{name}: {message}")
{
    public string Name => name;

    public bool IsRetryable => isRetryable;
}
