using Chat.Domain.Fanout;
using Chat.Domain.Push;
using Chat.Server.Outside;
using Chat.Storage;
using Chat.Storage.Push;
using Npgsql;

namespace Chat.Server.Push;

/// <summary>Says which concrete types reach devices that are not connected.</summary>
internal static class PushRegistration
{
    private const int Connections = 4;

    public static void AddPush(this IServiceCollection services, PushOptions options, string connectionString)
    {
        services.AddSingleton(options);
        services.AddKeyedSingleton("push", (_, _) => ChatDataSource.Create(connectionString, "push", Connections));
        services.AddSingleton<PushStore>();
        services.AddSingleton(provider => new PushReceivers(provider.GetRequiredKeyedService<NpgsqlDataSource>("push")));
        services.AddSingleton(provider => new PushNews(
            provider.GetRequiredService<ChatFanout>(), options, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ConnectedDevices>();
        services.AddSingleton<PushNotices>();
        services.AddSingleton<PushQueue>();
        services.AddSingleton<TellAway>();
        services.AddSingleton<GetPush>();
        services.AddSingleton<SetPush>();
        services.AddSingleton<RemovePush>();
        if (!options.Enabled) return;

        services.AddSingleton(_ => new OutsideHttp(options.AllowPrivateAddresses));
        services.AddSingleton<VapidKeys>();
        services.AddSingleton(provider => new VapidTokens(options.Subject, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IPushTransport, WebPushTransport>();
        services.AddHostedService<PushLoop>();
    }
}
