using Chat.Domain.Links;
using Chat.Server.Outside;

namespace Chat.Server.Links;

/// <summary>Says which concrete types make previews of pages.</summary>
internal static class LinkRegistration
{
    public static void AddLinkPreviews(this IServiceCollection services, LinkPreviewOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<LinkTokens>();
        services.AddSingleton<ILinkPages>(provider => // a way to the outside of its own: pages that hang hold up no notification
        {
            TimeProvider time = provider.GetRequiredService<TimeProvider>();
            return new LinkFetcher(new OutsideHttp(options.AllowPrivateAddresses, time), options, time);
        });
        services.AddSingleton<LinkCache>();
        services.AddSingleton<LinkPictures>();
        services.AddSingleton<MakeLinkPreview>();
    }
}
