using Npgsql;

namespace Chat.Storage;

/// <summary>Makes connection pools with the session settings that the promises need (statement, lock and idle limits, plans, keepalive).</summary>
public static class ChatDataSource
{
    /// <summary>
    /// Builds a pool over <paramref name="connectionString"/>. Values that the caller set there win over ours.
    /// One pool a purpose, so that history reads cannot starve commits.
    /// </summary>
    /// <param name="purpose">Short name for <c>application_name</c>, for instance "write".</param>
    /// <param name="maxConnections">Most connections of this pool; all pools of a node together should stay at or below 16.</param>
    public static NpgsqlDataSource Create(string connectionString, string purpose, int maxConnections)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        var built = new NpgsqlConnectionStringBuilder
        {
            ApplicationName = $"chat {purpose}",
            MaxPoolSize = maxConnections,
            Timeout = 5,
            // The server's statement_timeout ends a slow statement; this one is for a server that no longer answers.
            CommandTimeout = 8,
            CancellationTimeout = -1,
            KeepAlive = 0,
            // Nothing changes a pooled session but what its own pool sets anew; the reset cost a fifth of what a page of history does.
            NoResetOnClose = true,
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
            // Access is by key always, so the plan is the same whatever the values, and planning costs more than most statements do. A plan
            // made for one value could moreover take a parallel worker for a user with thousands of chats.
            Options = "-c statement_timeout=5s -c lock_timeout=2s -c idle_in_transaction_session_timeout=10s"
                + " -c plan_cache_mode=force_generic_plan -c max_parallel_workers_per_gather=0",
        };
        if (given.Host?.StartsWith('/') != true)
        {
            // A partition is seen in about ten seconds. Over a Unix socket there is none, and these options are refused.
            built.TcpKeepAlive = true;
            built.TcpKeepAliveTime = 5;
            built.TcpKeepAliveInterval = 2;
        }

        foreach (string key in given.Keys)
            built[key] = given[key];
        // Named, or the metrics would carry the connection string.
        return new NpgsqlDataSourceBuilder(built.ConnectionString) { Name = purpose }.Build();
    }
}
