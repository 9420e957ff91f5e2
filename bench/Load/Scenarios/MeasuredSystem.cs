using System.Net;

namespace Chat.Load.Scenarios;

/// <summary>Where the system under load is, and whose processor time counts.</summary>
/// <param name="Server">IPv4.</param>
/// <param name="ProcessId">Null: its figures are left out.</param>
/// <param name="PostgresProcessId">Of the first process of its PostgreSQL; null where there is none or it is not known.</param>
/// <param name="TellsGcPauses">It is a chat server, whose <c>/version</c> tells them.</param>
internal sealed record MeasuredSystem(IPEndPoint Server, int? ProcessId, int? PostgresProcessId, bool TellsGcPauses = false);
