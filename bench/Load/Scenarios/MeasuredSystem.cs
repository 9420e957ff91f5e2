using System.Net;

namespace Chat.Load.Scenarios;

/// <summary>Where the system under load is, and whose processor time counts.</summary>
/// <param name="Servers">IPv4; connections are spread over them.</param>
/// <param name="ProcessIds">Of the servers; none: their figures are left out.</param>
/// <param name="PostgresProcessId">Of the first process of its PostgreSQL; null where there is none or it is not known.</param>
/// <param name="TellsGcPauses">It is a chat server, whose <c>/version</c> tells them.</param>
internal sealed record MeasuredSystem(
    IReadOnlyList<IPEndPoint> Servers, IReadOnlyList<int> ProcessIds, int? PostgresProcessId, bool TellsGcPauses = false);
