using Npgsql;

namespace Chat.Server.Hosting;

/// <summary>Words what a database answers that will not let us in, with what to do. Passwords are in no answer of PostgreSQL.</summary>
internal static class DatabaseRefusal
{
    private const string Setting = "Database:ConnectionString (CHAT__Database__ConnectionString or DATABASE_URL)";

    public static string Explain(NpgsqlException fault) => fault is PostgresException postgres
        ? $"The database refuses this server: {postgres.MessageText} (SQLSTATE {postgres.SqlState}). {Remedy(postgres.SqlState)}"
        : $"The database cannot be used: {fault.Message} ({fault.InnerException?.Message ?? "no further detail"}). Check {Setting}.";

    private static string Remedy(string sqlState) => sqlState switch
    {
        PostgresErrorCodes.InvalidPassword => $"Mend user and password in {Setting}.",
        PostgresErrorCodes.InvalidAuthorizationSpecification => $"Mend the user in {Setting}, or let it in from this host in pg_hba.conf.",
        PostgresErrorCodes.InvalidCatalogName => $"Create it (createdb --encoding=UTF8 NAME), or mend the name in {Setting}.",
        PostgresErrorCodes.InsufficientPrivilege =>
            "Make this user the owner of the database, or give it the right (grant create on schema public).",
        _ => $"Check {Setting} and PostgreSQL's own log.",
    };
}
