using Amazon.Runtime;
using Amazon.S3;

namespace Chat.Server.Media;

/// <summary>Makes the client of an S3-compatible service out of the settings.</summary>
internal static class S3Connection
{
    public static AmazonS3Client Create(BlobStoreOptions options) => new(
        new BasicAWSCredentials(options.S3AccessKey, options.S3SecretKey),
        new AmazonS3Config
        {
            ServiceURL = options.S3Endpoint,
            AuthenticationRegion = options.S3Region,
            ForcePathStyle = true, // MinIO and others have no name of its own for each bucket
            MaxErrorRetry = 2,
            Timeout = TimeSpan.FromSeconds(60),
        });
}
