using System.Buffers;
using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Chat.Domain.Media;

namespace Chat.Server.Media;

/// <summary>
/// Keeps blobs as objects of one bucket of an S3-compatible service. What is larger than a part goes up in several; nobody can see an
/// object before it is whole. Holds one part for each blob that is being stored. Thread-safe.
/// </summary>
/// <remarks>A node that is killed while it stores leaves an unfinished multipart upload: give the bucket a rule that ends those.</remarks>
internal sealed class S3BlobStore(IAmazonS3 client, string bucket, string prefix) : IBlobStore
{
    /// <summary>S3 takes no part below 5 MiB but the last.</summary>
    private const int PartBytes = 8 * 1024 * 1024;

    /// <inheritdoc/>
    public async Task<long?> StoreAsync(BlobName name, Stream content, long maxBytes, CancellationToken ct)
    {
        try
        {
            return await StoreWholeAsync(name, content, maxBytes, ct);
        }
        catch (Exception fault) when (IsOfService(fault))
        {
            throw Unavailable(fault);
        }
    }

    /// <inheritdoc/>
    public async Task<Stream?> FindAsync(BlobName name, CancellationToken ct)
    {
        try
        {
            GetObjectMetadataResponse found = await client.GetObjectMetadataAsync(bucket, KeyOf(name), ct);
            return new S3ObjectStream(client, bucket, KeyOf(name), found.ContentLength);
        }
        catch (AmazonS3Exception none) when (none.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (Exception fault) when (IsOfService(fault))
        {
            throw Unavailable(fault);
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(BlobName name, CancellationToken ct) => client.DeleteObjectAsync(bucket, KeyOf(name), ct);

    /// <summary>What the client library throws when the service is away or refuses.</summary>
    internal static bool IsOfService(Exception fault) =>
        fault is AmazonServiceException or AmazonClientException or HttpRequestException or TimeoutException;

    /// <summary>As every store says that it cannot be used now; the reason is for the log.</summary>
    internal static IOException Unavailable(Exception fault) => new($"The S3 service did not do what it was asked: {fault.Message}", fault);

    private async Task<long?> StoreWholeAsync(BlobName name, Stream content, long maxBytes, CancellationToken ct)
    {
        byte[] part = ArrayPool<byte>.Shared.Rent(PartBytes);
        try
        {
            int read = await content.ReadAtLeastAsync(part.AsMemory(0, PartBytes), PartBytes, throwOnEndOfStream: false, ct);
            if (read > maxBytes) return null;
            if (read == PartBytes) return await StoreInPartsAsync(KeyOf(name), content, part, maxBytes, ct);

            using MemoryStream whole = new(part, 0, read, writable: false);
            await client.PutObjectAsync(
                new PutObjectRequest { BucketName = bucket, Key = KeyOf(name), InputStream = whole, AutoCloseStream = false }, ct);
            return read;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(part);
        }
    }

    /// <param name="part">Full of the first bytes.</param>
    private async Task<long?> StoreInPartsAsync(string key, Stream content, byte[] part, long maxBytes, CancellationToken ct)
    {
        InitiateMultipartUploadResponse begun = await client.InitiateMultipartUploadAsync(bucket, key, ct);
        bool whole = false;
        try
        {
            CompleteMultipartUploadRequest complete = new() { BucketName = bucket, Key = key, UploadId = begun.UploadId };
            long stored = 0;
            for (int read = PartBytes; read > 0;)
            {
                stored += read;
                if (stored > maxBytes) return null;

                complete.AddPartETags(await StorePartAsync(key, begun.UploadId, complete.PartETags.Count + 1, part, read, ct));
                read = await content.ReadAtLeastAsync(part.AsMemory(0, PartBytes), PartBytes, throwOnEndOfStream: false, ct);
            }

            await client.CompleteMultipartUploadAsync(complete, ct);
            whole = true;
            return stored;
        }
        finally
        {
            if (!whole) await client.AbortMultipartUploadAsync(bucket, key, begun.UploadId, CancellationToken.None);
        }
    }

    private async Task<UploadPartResponse> StorePartAsync(
        string key, string uploadId, int number, byte[] part, int bytes, CancellationToken ct)
    {
        using MemoryStream content = new(part, 0, bytes, writable: false);
        return await client.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = bucket,
                Key = key,
                UploadId = uploadId,
                PartNumber = number,
                PartSize = bytes,
                InputStream = content,
            },
            ct);
    }

    private string KeyOf(BlobName name) =>
        name == default ? throw new ArgumentException("A blob name that was never made has no object.", nameof(name)) : $"{prefix}{name}";
}
