using Chat.Domain.Notifications;
using Chat.Server.Hosting;

namespace Chat.Server.Notifications;

/// <summary>Says which concrete types reach people outside their sessions.</summary>
internal static class NotificationRegistration
{
    public static void AddNotifications(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<DeliveryQueue>();
        services.AddHostedService<DeliveryLoop>();
        if (settings.Mail.Server.Length > 0)
            services.AddSingleton<IMailTransport>(provider => new SmtpTransport(settings.Mail, provider.GetRequiredService<TimeProvider>()));
        else if (settings.IsDevelopment) services.AddSingleton<IMailTransport, LogMailTransport>();
        else services.AddSingleton<IMailTransport, NoTransport>();

        if (settings.Sms.Transport == SmsTransportKind.Log) services.AddSingleton<ISmsTransport, LogSmsTransport>();
        else services.AddSingleton<ISmsTransport, NoTransport>();
    }

    /// <summary>Runs the queue while the process lives.</summary>
    private sealed class DeliveryLoop(DeliveryQueue queue) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            try
            {
                await queue.RunAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // the process ends
            }
        }
    }
}
