using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Chat.Server.Outside;

/// <summary>
/// Asks the system which addresses a name has. The system's resolver keeps a thread until its own patience is over, whoever gave up on it before:
/// so a few are asked for at a time, and what was heard is remembered for some minutes, or names of which nothing is heard would take all threads,
/// and the turns of all others. Thread-safe.
/// </summary>
internal sealed class NameLookup(TimeProvider time, Func<string, Task<IPAddress[]>>? ask = null)
{
    private const int MaxAtOnce = 4;

    /// <summary>People name the hosts; a table of them must not grow for ever.</summary>
    private const int MaxRemembered = 1_000;

    private static readonly TimeSpan AddressesLife = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FailureLife = TimeSpan.FromMinutes(1);

    private readonly Func<string, Task<IPAddress[]>> _ask = ask ?? (static host => Dns.GetHostAddressesAsync(host));
    private readonly Channel<int> _turns = AllTurns();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (IPAddress[] Addresses, DateTimeOffset Until)> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The addresses of a host, which may be a number: of some numbers the resolver thinks that they are wrongly asked for.</summary>
    /// <param name="wait">Told while there is no turn.</param>
    /// <exception cref="SocketException">It has none, or had none a moment ago.</exception>
    /// <exception cref="OutsideAddressException">It is no name.</exception>
    /// <exception cref="OperationCanceledException">Nothing was heard, or the turn did not come, before <paramref name="ct"/> was cancelled.</exception>
    public async Task<IPAddress[]> FindAsync(string host, CancellationToken ct, ConnectWait? wait = null)
    {
        if (IPAddress.TryParse(host, out IPAddress? address)) return [address];
        if (Recall(host) is { } known) return known.Length > 0 ? known : throw NotFound();

        if (!_turns.Reader.TryRead(out int turn))
        {
            if (wait is not null) wait.IsForTurn = true;
            turn = await _turns.Reader.ReadAsync(ct);
            if (wait is not null) wait.IsForTurn = false;
        }

        Task<IPAddress[]> asked = AskAsync(host, turn);
        try
        {
            return await asked.WaitAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Remember(host, [], FailureLife);
            _ = asked.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw;
        }
    }

    private static Channel<int> AllTurns()
    {
        Channel<int> turns = Channel.CreateBounded<int>(MaxAtOnce);
        for (int turn = 0; turn < MaxAtOnce; turn++) turns.Writer.TryWrite(turn);
        return turns;
    }

    private static SocketException NotFound() => new((int)SocketError.HostNotFound);

    /// <summary>Ends, and gives its turn back, when the system has an answer.</summary>
    private async Task<IPAddress[]> AskAsync(string host, int turn)
    {
        try
        {
            IPAddress[] found = await _ask(host);
            Remember(host, found, found.Length > 0 ? AddressesLife : FailureLife);
            return found.Length > 0 ? found : throw NotFound();
        }
        catch (SocketException)
        {
            Remember(host, [], FailureLife);
            throw;
        }
        catch (ArgumentException)
        {
            throw new OutsideAddressException("It is no name that a host can have.");
        }
        finally
        {
            _turns.Writer.TryWrite(turn);
        }
    }

    private IPAddress[]? Recall(string host)
    {
        lock (_gate) return _known.TryGetValue(host, out (IPAddress[] Addresses, DateTimeOffset Until) known) && known.Until > time.GetUtcNow() ? known.Addresses : null;
    }

    private void Remember(string host, IPAddress[] addresses, TimeSpan life)
    {
        lock (_gate)
        {
            if (_known.Count >= MaxRemembered) _known.Clear();
            _known[host] = (addresses, time.GetUtcNow() + life);
        }
    }
}
