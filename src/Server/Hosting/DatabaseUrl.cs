using Npgsql;

namespace Chat.Server.Hosting;

/// <summary>Reads <c>postgres://user:password@host:port/database?sslmode=…</c>, the form in which hosting platforms hand a database over.</summary>
internal static class DatabaseUrl
{
    /// <summary>libpq's names for what Npgsql names otherwise; the rest is the same in both.</summary>
    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
    };

    /// <summary>The same as an Npgsql connection string. Anything that is no such URL comes back as it is.</summary>
    /// <exception cref="SettingsException">A query parameter is not known: dropping it could mean, say, to connect without TLS.</exception>
    public static string ToConnectionString(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || !uri.Scheme.StartsWith("postgres", StringComparison.Ordinal)) return url;
        string[] user = uri.UserInfo.Split(':', 2);
        NpgsqlConnectionStringBuilder builder = new()
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : 5432,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/')),
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
        };
        foreach (string pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)) Add(builder, pair.Split('=', 2));
        return builder.ConnectionString;
    }

    private static void Add(NpgsqlConnectionStringBuilder builder, string[] pair)
    {
        string value = pair.Length > 1 ? Uri.UnescapeDataString(pair[1]) : "";
        try
        {
            string name = Names.GetValueOrDefault(pair[0], pair[0]);
            builder[name] = name == "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : value; // verify-full is VerifyFull
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or NotSupportedException)
        {
            throw new SettingsException([$"DATABASE_URL has '{pair[0]}={value}', which cannot be used: take it out, or set Database:ConnectionString."]);
        }
    }
}
