using System.Net;
using Chat.Domain.Accounts;
using Chat.Domain.Media;
using Chat.Server.Hosting;
using Chat.Storage.Media;

namespace Chat.Server.Media;

/// <summary>Says which concrete types keep files.</summary>
internal static class MediaRegistration
{
    public static void AddMedia(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton(settings.Media);
        services.AddSingleton(_ => MakeStore(settings));
        services.AddSingleton(provider => MakeScanner(settings.Blobs, provider.GetRequiredService<ILogger<ClamScanner>>()));
        services.AddSingleton(provider => new DownloadLinks(
            provider.GetRequiredService<TokenOptions>().SigningKey,
            settings.Media.LinkLifetime,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<BlobTable>();
        services.AddSingleton<MessageFiles>();
        services.AddSingleton<BlobGarbage>();
        services.AddSingleton<UploadRules>();
        services.AddSingleton<BlobReservation>();
        services.AddSingleton<BlobIntake>();
        services.AddSingleton<BlobEraser>();
        services.AddSingleton<UploadBlob>();
        services.AddSingleton<ChunkTable>();
        services.AddSingleton<BeginUpload>();
        services.AddSingleton<FindUpload>();
        services.AddSingleton<AddPart>();
        services.AddSingleton<CompleteUpload>();
        services.AddSingleton<GetBlobLink>();
        services.AddSingleton<OpenBlob>();
        services.AddSingleton<DeleteBlob>();
        services.AddSingleton<ExpireBlobs>();
    }

    private static IBlobStore MakeStore(Settings settings)
    {
        BlobStoreOptions options = settings.Blobs;
        IBlobStore store = options.S3Endpoint.Length > 0
            ? new S3BlobStore(S3Connection.Create(options), options.S3Bucket, options.S3Prefix)
            : OperatingSystem.IsLinux()
                ? new LocalBlobStore(DirectoryOf(settings))
                : throw new PlatformNotSupportedException("Files are kept in a folder on Linux only: set Blobs:S3Endpoint.");
        return options.EncryptionKey.Length > 0 ? new EncryptedBlobStore(store, options.EncryptionKey) : store;
    }

    private static IBlobScanner MakeScanner(BlobStoreOptions options, ILogger log) =>
        ClamScanner.TryParse(options.ClamdAddress, out EndPoint? address)
            ? new ClamScanner(address, options.ClamdTimeout, options.ClamdRequired, log)
            : new NoScanner();

    private static string DirectoryOf(Settings settings) =>
        settings.Blobs.Directory.Length > 0 ? settings.Blobs.Directory : Path.Combine(settings.Server.DataDirectory, "media");
}
