using Chat.AdminApi.Health;
using Npgsql;

namespace Chat.Server.Hosting;

/// <summary>Ready only while the database answers.</summary>
internal sealed class DatabaseReadyCheck(NpgsqlDataSource source) : IReadyCheck
{
    public string Name => "database";

    public async ValueTask<string?> FindFaultAsync(CancellationToken ct)
    {
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
