using Chat.AdminApi.Health;
using Chat.AdminApi.OpenApi;
using Chat.AdminApi.Passkeys;
using Chat.AdminApi.Problems;
using Chat.AdminApi.Rest;
using Chat.AdminApi.Rest.Auth;
using Chat.AdminApi.Rest.Calls;
using Chat.AdminApi.Rest.Chats;
using Chat.AdminApi.Rest.Groups;
using Chat.AdminApi.Rest.Links;
using Chat.AdminApi.Rest.Media;
using Chat.AdminApi.Rest.Messages;
using Chat.AdminApi.Rest.Notices;
using Chat.AdminApi.Rest.People;
using Chat.AdminApi.Rest.Push;
using Chat.AdminApi.Rest.Realtime;
using Chat.AdminApi.Rest.Statuses;
using Chat.AdminApi.Rest.Scheduled;
using Chat.AdminApi.Rest.Search;
using Chat.Domain.Accounts.Passkeys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Chat.AdminApi;

/// <summary>
/// Puts the REST interface, its description, its page and the health probes into an application. Only maps HTTP to use cases:
/// those, with <c>AccessTokens</c>, are registered by whoever composes the process.
/// </summary>
public static class RestApi
{
    /// <summary>Registers what the routes need; settings come from the sections <c>Rest</c> and <c>ApiPage</c>, judged at start.</summary>
    public static void AddRestApi(this IServiceCollection services)
    {
        services.AddOptions<RestOptions>().BindConfiguration(RestOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RestOptions>, RestOptionsValidator>();
        services.AddOptions<ApiPageOptions>().BindConfiguration(ApiPageOptions.Section);

        // A fault of binding must arrive as an exception: only that says which member was wrong.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options => RestJson.Configure(options.SerializerOptions));

        services.AddCors();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ProblemWriter>();
        services.AddSingleton<DeviceTrust>();
        services.AddSingleton<CallerGate>();
        services.AddSingleton<RestLimits>();
        services.AddSingleton<IPasskeyVerifier, FrameworkPasskeyVerifier>();
        services.AddSingleton<RestBoundary>();
        services.AddSingleton<UnmatchedRoutes>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<IStartupFilter, RestStartupFilter>();
        OpenApiDescription.Add(services);
    }

    /// <summary>Maps every route of the interface. Call once, after <see cref="AddRestApi"/>.</summary>
    public static void MapRestApi(this IEndpointRouteBuilder endpoints)
    {
        RestBoundary boundary = endpoints.ServiceProvider.GetRequiredService<RestBoundary>();

        RouteGroupBuilder open = endpoints.MapGroup("/api").Within(boundary);
        AuthEndpoints.MapOpen(open);
        CodeEndpoints.MapOpen(open);
        PasskeyEndpoints.MapOpen(open);

        RouteGroupBuilder signedIn = endpoints.MapGroup("/api").Within(boundary).RequireCaller();
        AuthEndpoints.MapSignedIn(signedIn);
        DeviceEndpoints.Map(signedIn);
        CodeEndpoints.MapSignedIn(signedIn);
        TwoStepEndpoints.Map(signedIn);
        PasskeyEndpoints.MapSignedIn(signedIn);
        ChatEndpoints.Map(signedIn);
        OwnSettingsEndpoints.Map(signedIn);
        JoiningEndpoints.Map(signedIn);
        GroupEndpoints.Map(signedIn);
        MessageEndpoints.Map(signedIn);
        MessageChangeEndpoints.Map(signedIn);
        MediaEndpoints.Map(signedIn);
        UploadEndpoints.Map(signedIn);
        PeopleEndpoints.Map(signedIn);
        StatusEndpoints.Map(signedIn);
        ScheduledEndpoints.Map(signedIn);
        NoticeEndpoints.Map(signedIn);
        PushEndpoints.Map(signedIn);
        LinkEndpoints.Map(signedIn);
        CallEndpoints.Map(signedIn);
        SearchEndpoints.Map(signedIn);
        RealtimeEndpoints.Map(signedIn);

        UnmatchedRoutes unmatched = endpoints.ServiceProvider.GetRequiredService<UnmatchedRoutes>();
        endpoints.Map("/api/{**rest}", unmatched.AnswerAsync).ExcludeFromDescription();

        DownloadEndpoint.Map(endpoints.MapGroup("").Within(boundary));
        HealthEndpoints.Map(endpoints.MapGroup("").Within(boundary));
        ApiPageEndpoints.Map(endpoints.MapGroup("").Within(boundary));
    }
}
