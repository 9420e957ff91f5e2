using System.Net;
using Chat.Domain.Limits;
using Chat.Server.Transport;

namespace Chat.Server.Limits;

/// <summary>Holds the transport to the limits of addresses. Thread-safe.</summary>
internal sealed class AddressGate(AddressLimits limits) : IConnectionGate
{
    public bool TryEnter(IPAddress? address, out TimeSpan retryAfter) => limits.TryEnter(address, out retryAfter);

    public void Leave(IPAddress? address) => limits.Leave(address);
}
