using Chat.Domain.Calls;
using Chat.Domain.Fanout;
using Chat.Storage.Calls;

namespace Chat.Server.Calls;

/// <summary>Says which concrete types serve calls.</summary>
internal static class CallRegistration
{
    public static void AddCalls(this IServiceCollection services, CallOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<CallStore>();
        services.AddSingleton<CallReader>();
        services.AddSingleton<CallRoutes>();
        services.AddSingleton<IDirectedFanout>(provider => provider.GetRequiredService<ChatFanout>());
        services.AddSingleton<StartCall>();
        services.AddSingleton<ChangeCall>();
        services.AddSingleton<ListCalls>();
        services.AddSingleton<GetIceServers>();
        services.AddSingleton<SignalCall>();
        services.AddSingleton<KeepCall>();
        services.AddSingleton<ExpireCalls>();
        services.AddHostedService<CallSweeper>();
    }
}
