using Chat.AdminApi.Health;
using Chat.Server.Sessions;
using Npgsql;

namespace Chat.Server.Hosting;

/// <summary>Ready only while the database answers. During a start, which waits for it, <see cref="StartGate"/> speaks for both.</summary>
internal sealed class DatabaseReadyCheck(NpgsqlDataSource source, StartGate gate) : IReadyCheck
{
    public string Name => "database";

    public async ValueTask<string?> FindFaultAsync(CancellationToken ct)
    {
        if (!gate.IsOpen) return null;
        try
        {
            await using NpgsqlCommand command = source.CreateCommand("select 1");
            await command.ExecuteScalarAsync(ct);
            return null;
        }
        catch (NpgsqlException)
        {
            return "does not answer";
        }
    }
}
