using System.Security.Cryptography;
using Chat.Domain.Fanout;
using Chat.Domain.Push;
using Chat.Server.Hosting;
using Chat.Server.Outside;
using Chat.Storage;
using Chat.Storage.Push;
using Npgsql;

namespace Chat.Server.Push;

/// <summary>Says which concrete types reach devices that are not connected.</summary>
internal static class PushRegistration
{
    private const int Connections = 4;

    public static void AddPush(this IServiceCollection services, Settings settings, string connectionString)
    {
        PushOptions options = settings.Push;
        services.AddSingleton(options);
        services.AddKeyedSingleton("push", (_, _) => ChatDataSource.Create(connectionString, "push", Connections));
        services.AddSingleton<PushStore>();
        services.AddSingleton(provider => new PushReceivers(provider.GetRequiredKeyedService<NpgsqlDataSource>("push")));
        services.AddSingleton(provider => new PushNews(
            provider.GetRequiredService<ChatFanout>(), options, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ConnectedDevices>();
        services.AddSingleton<PushNotices>();
        services.AddSingleton<RenewPush>();
        services.AddSingleton<PushQueue>();
        services.AddSingleton<TellAway>();
        services.AddSingleton<RingAway>();
        services.AddSingleton<GetPush>();
        services.AddSingleton<SetPush>();
        services.AddSingleton<RemovePush>();
        if (!options.Enabled) return;

        services.AddSingleton(provider => new OutsideHttp(options.AllowPrivateAddresses, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<VapidKeys>();
        services.AddSingleton(provider => new VapidTokens(options.Subject, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IPushTransport, WebPushTransport>();
        if (settings.Fcm.ServiceAccountFile.Length > 0) services.AddFcm(settings.Fcm);
        if (settings.Apns.KeyFile.Length > 0) services.AddApns(settings.Apns);
        services.AddHostedService<PushLoop>();
    }

    private static void AddFcm(this IServiceCollection services, FcmOptions options)
    {
        if (!FcmAccount.TryRead(options.ServiceAccountFile, out FcmAccount? account, out string? wrong))
            throw new SettingsException([$"Fcm:ServiceAccountFile is '{options.ServiceAccountFile}', which {wrong}."]);
        services.AddSingleton(options);
        services.AddSingleton(account);
        services.AddSingleton<FcmTokens>();
        services.AddSingleton<IPushTransport, FcmTransport>();
    }

    private static void AddApns(this IServiceCollection services, ApnsOptions options)
    {
        if (!options.TryReadKey(out ECDsa? key, out string? wrong))
            throw new SettingsException([$"Apns:KeyFile is '{options.KeyFile}', which cannot be read ({wrong})."]);
        services.AddSingleton<IPushTransport>(provider => new ApnsTransport(
            options, key, provider.GetRequiredService<OutsideHttp>(), provider.GetRequiredService<TimeProvider>()));
    }
}
