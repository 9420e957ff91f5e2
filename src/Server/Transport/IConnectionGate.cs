using System.Net;

namespace Chat.Server.Transport;

/// <summary>Says how many connections of one address are taken; without one, all are. Thread-safe.</summary>
public interface IConnectionGate
{
    /// <summary>Counts a new connection, which leaves again at its end, unless it is one too many.</summary>
    /// <param name="retryAfter">When false is returned: how long to wait before the next try.</param>
    bool TryEnter(IPAddress? address, out TimeSpan retryAfter);

    /// <summary>A connection that entered has ended.</summary>
    void Leave(IPAddress? address);
}
