using System.Security.Cryptography;
using Chat.AdminApi.OpenApi;
using Chat.AdminApi.Rest;
using Chat.Domain.Accounts;
using Chat.Domain.Accounts.Passkeys;
using Chat.Domain.Calls;
using Chat.Domain.Limits;
using Chat.Domain.Links;
using Chat.Domain.Media;
using Chat.Domain.Presence;
using Chat.Domain.Push;
using Chat.Server.Cluster;
using Chat.Server.Media;
using Chat.Server.Notifications;
using Chat.Server.Outbound;
using Chat.Server.Push;
using Chat.Storage.Receipts;
using SessionOptions = Chat.Server.Sessions.SessionOptions;

namespace Chat.Server.Hosting;

/// <summary>Reads all settings, from the lowest source to the highest: defaults, <c>chat.json</c>, key-per-file, environment, command line.</summary>
public static class SettingsReader
{
    private static readonly string[] Sections =
    [
        "Server", "Database", "Tokens", IssuerSections.Name, "Passwords", "SignIn", "Passkeys", "Presence", "Sessions", "Outbound", "Cluster", "Limits", "Media", "Blobs", "Calls", "Mail", "Push", "LinkPreviews", "ReceiptTimes", "Fcm", "Apns", "Sms", "Rest",
        "ApiPage", "Log",
    ];

    /// <summary>
    /// In development nobody is slowed unless asked for: a load test or a script of one's own would meet limits made for strangers.
    /// </summary>
    private static LimitSettings NoLimits => new()
    {
        Visitors = new KindLimits(),
        RequestsPerMinute = 0,
        SendsPerMinute = 0,
        OwnChangesPerMinute = 0,
        FramesPerSecond = 0,
        ChatMessagesPerSecond = 0,
        TypingPerSecond = 0,
        HistoryPerSecond = 0,
        LookupsPerSecond = 0,
        UploadsPerMinute = 0,
        StatusesPerHour = 0,
        ScheduledPerMinute = 0,
        PreviewsPerMinute = 0,
        SearchesPerSecond = 0,
        MessageInfosPerSecond = 0,
        UploadPartsPerSecond = 0,
        FileReadsPerSecond = 0,
        CallsPerMinute = 0,
        CallSignalsPerSecond = 0,
        ConnectionsPerPrincipal = 0,
        AddressConnectionsPerSecond = 0,
        AddressConnections = 0,
        AddressSignInsPerSecond = 0,
    };

    /// <summary>Puts the sources together.</summary>
    /// <param name="overrides">From the command line; keys such as <c>Server:Port</c>.</param>
    public static IConfigurationRoot Sources(IEnumerable<KeyValuePair<string, string?>> overrides)
    {
        ConfigurationBuilder builder = new();
        builder.AddJsonFile(Path.GetFullPath("chat.json"), optional: true);
        builder.AddKeyPerFile("/run/secrets", optional: true);
        builder.AddInMemoryCollection(Aliases());
        builder.AddEnvironmentVariables("CHAT__");
        builder.AddInMemoryCollection(overrides);
        return builder.Build();
    }

    /// <exception cref="SettingsException">Something cannot be used; all faults are in it.</exception>
    public static Settings Read(IConfiguration configuration, bool isDevelopment)
    {
        List<string> faults = [];
        foreach (IConfigurationSection child in configuration.GetChildren())
        {
            if (child.Key.Equals("Groups", StringComparison.OrdinalIgnoreCase))
                faults.Add("Groups:MaxMembers is called Limits:GroupMembers now (environment: CHAT__Limits__GroupMembers): rename it.");
            else if (!Sections.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                faults.Add($"{child.Key} is not a section of settings. There are: {string.Join(", ", Sections)}.");
        }

        if (configuration["Limits:SendsPerMinute"] is not null && configuration["Limits:SendsPerSecond"] is not null)
            faults.Add("Limits:SendsPerSecond is called Limits:SendsPerMinute now, and both are set: leave out the former.");

        Settings settings = new()
        {
            IsDevelopment = isDevelopment,
            Server = SettingsSection.Read<ServerOptions>(configuration, "Server", faults),
            Database = SettingsSection.Read<DatabaseOptions>(configuration, "Database", faults),
            Tokens = SettingsSection.Read<TokenOptions>(configuration, "Tokens", faults),
            Issuers = IssuerSections.Read(configuration, faults),
            Passwords = SettingsSection.Read<PasswordOptions>(configuration, "Passwords", faults),
            SignIn = SettingsSection.Read(configuration, "SignIn", faults, isDevelopment ? new SignInThrottleOptions { MaxPerMinute = 0 } : null),
            Passkeys = SettingsSection.Read(configuration, "Passkeys", faults, isDevelopment ? PasskeyOptions.ForDevelopment : null),
            Presence = SettingsSection.Read<PresenceOptions>(configuration, "Presence", faults),
            Sessions = SettingsSection.Read<SessionOptions>(configuration, "Sessions", faults),
            Outbound = SettingsSection.Read<OutboundOptions>(configuration, "Outbound", faults),
            Limits = SettingsSection.Read(configuration, "Limits", faults, isDevelopment ? NoLimits : null),
            Cluster = SettingsSection.Read<ClusterOptions>(configuration, "Cluster", faults),
            Media = SettingsSection.Read<MediaOptions>(configuration, "Media", faults),
            Blobs = SettingsSection.Read<BlobStoreOptions>(configuration, "Blobs", faults),
            Calls = SettingsSection.Read<CallOptions>(configuration, "Calls", faults),
            Mail = SettingsSection.Read<MailOptions>(configuration, "Mail", faults),
            Push = SettingsSection.Read<PushOptions>(configuration, "Push", faults),
            LinkPreviews = SettingsSection.Read<LinkPreviewOptions>(configuration, "LinkPreviews", faults),
            ReceiptTimes = SettingsSection.Read<ReceiptTimesOptions>(configuration, "ReceiptTimes", faults),
            Fcm = SettingsSection.Read<FcmOptions>(configuration, "Fcm", faults),
            Apns = SettingsSection.Read<ApnsOptions>(configuration, "Apns", faults),
            Sms = SettingsSection.Read(configuration, "Sms", faults, isDevelopment ? new SmsOptions { Transport = SmsTransportKind.Log } : null),
        };
        RestOptions rest = SettingsSection.Read<RestOptions>(configuration, RestOptions.Section, faults); // bound again by the REST interface itself
        _ = SettingsSection.Read<ApiPageOptions>(configuration, ApiPageOptions.Section, faults);
        JudgeLogLevel(configuration, faults);
        faults.AddRange(settings.Server.Validate());
        faults.AddRange(settings.Database.Validate());
        faults.AddRange(settings.Passwords.Validate());
        faults.AddRange(settings.SignIn.Validate());
        faults.AddRange(settings.Passkeys.Validate());
        faults.AddRange(settings.Presence.Validate());
        faults.AddRange(settings.Sessions.Validate());
        faults.AddRange(settings.Outbound.Validate());
        faults.AddRange(settings.Cluster.Validate());
        faults.AddRange(settings.Limits.Validate());
        faults.AddRange(settings.Media.Validate());
        faults.AddRange(settings.Blobs.Validate());
        faults.AddRange(settings.Calls.Validate());
        faults.AddRange(settings.Mail.Validate());
        faults.AddRange(settings.Push.Validate());
        faults.AddRange(settings.LinkPreviews.Validate());
        faults.AddRange(settings.ReceiptTimes.Validate());
        faults.AddRange(settings.Fcm.Validate());
        faults.AddRange(settings.Apns.Validate());
        faults.AddRange(settings.Sms.Validate());
        faults.AddRange(rest.Validate());
        faults.AddRange(JudgeTokens(settings));
        faults.AddRange(settings.Issuers.Validate(settings.Tokens));
        if (!isDevelopment && string.IsNullOrEmpty(settings.Database.ConnectionString))
            faults.Add("Database:ConnectionString (environment: CHAT__Database__ConnectionString or DATABASE_URL) is not set: in production name your PostgreSQL.");
        if (faults.Count > 0) throw new SettingsException(faults);
        return WithKey(settings);
    }

    /// <summary>
    /// Only what a verb needs that works on the nodes' database: no key is asked for or made. Without a named database it can only be the managed one
    /// of a server in development, so it is read as that server would.
    /// </summary>
    /// <exception cref="SettingsException">Something of it cannot be used; all faults are in it.</exception>
    public static Settings ReadForVerb(IConfiguration configuration)
    {
        List<string> faults = [];
        Settings settings = new()
        {
            IsDevelopment = true,
            Server = SettingsSection.Read<ServerOptions>(configuration, "Server", faults),
            Database = SettingsSection.Read<DatabaseOptions>(configuration, "Database", faults),
            Cluster = SettingsSection.Read<ClusterOptions>(configuration, "Cluster", faults),
            Limits = SettingsSection.Read(
                configuration, "Limits", faults, string.IsNullOrEmpty(configuration["Database:ConnectionString"]) ? NoLimits : null),
        };
        faults.AddRange([.. settings.Database.Validate(), .. settings.Cluster.Validate(), .. settings.Limits.Validate()]);
        return faults.Count == 0 ? settings : throw new SettingsException(faults);
    }

    /// <summary>Well-known names of hosting platforms, below our own.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> Aliases()
    {
        if (Environment.GetEnvironmentVariable("PORT") is { Length: > 0 } port) yield return new("Server:Port", port);
        if (Environment.GetEnvironmentVariable("DATABASE_URL") is { Length: > 0 } url) yield return new("Database:ConnectionString", DatabaseUrl.ToConnectionString(url));
        if (Environment.GetEnvironmentVariable("REDIS_URL") is { Length: > 0 } redis) yield return new("Cluster:Redis", redis);
    }

    private static void JudgeLogLevel(IConfiguration configuration, List<string> faults)
    {
        foreach (IConfigurationSection value in configuration.GetSection("Log").GetChildren())
        {
            if (!value.Key.Equals("Level", StringComparison.OrdinalIgnoreCase)) faults.Add($"Log:{value.Key} is not a setting. Log has: Level.");
            else if (!Enum.TryParse<LogLevel>(value.Value, ignoreCase: true, out _))
                faults.Add($"Log:Level is '{value.Value}': set Trace, Debug, Information, Warning, Error or None.");
        }
    }

    private static IEnumerable<string> JudgeTokens(Settings settings)
    {
        if (settings.Tokens.SigningKey.Length > 0) return settings.Tokens.Validate();
        if (!settings.IsDevelopment)
            return ["Tokens:SigningKey (environment: CHAT__Tokens__SigningKey) is not set: give at least 32 random bytes in base64, the same on every node (openssl rand -base64 48)."];
        return (settings.Tokens with { SigningKey = new byte[TokenOptions.MinSigningKeyBytes] }).Validate();
    }

    /// <summary>In development the key is made once and kept in the data directory, so that tokens outlive a restart.</summary>
    private static Settings WithKey(Settings settings)
    {
        if (settings.Tokens.SigningKey.Length > 0) return settings;
        string path = Path.Combine(settings.Server.DataDirectory, "keys", "token-signing.key");
        try
        {
            if (!File.Exists(path))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
                if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
                using FileStream file = new(path, options);
                file.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(48))));
            }

            return settings with { Tokens = settings.Tokens with { SigningKey = Convert.FromBase64String(File.ReadAllText(path).Trim()) } };
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new SettingsException([$"Server:DataDirectory is '{settings.Server.DataDirectory}': the key file {path} cannot be made or read ({wrong.Message}). Give a folder that the server may write to."]);
        }
    }
}
