namespace Chat.Domain.Links;

/// <summary>
/// Pages as they were some minutes ago, so that one that many link to is asked for once; who asks meanwhile waits for the same answer. What is
/// public, so nobody's in particular. Bounds in number, bytes and time; and how many are fetched at once. Thread-safe.
/// </summary>
public sealed class LinkCache(ILinkPages pages, LinkPreviewOptions options, TimeProvider time)
{
    private const int MaxPages = 256;
    private const long MaxImageBytes = 16 << 20;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FailureLife = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BusyFor = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _known = new(StringComparer.Ordinal);
    private readonly Queue<Entry> _byAge = new();
    private long _imageBytes;
    private int _fetching;

    /// <summary>The page, null when there is none; or that too many are being fetched.</summary>
    public async Task<Result<LinkPage?>> GetAsync(Uri url, CancellationToken ct)
    {
        Task<LinkPage?>? page = FindOrStartAsync(url);
        if (page is not null) return await page.WaitAsync(ct); // who gives up leaves it to the others
        LinkMetrics.Busy();
        return Failures.Busy(BusyFor);
    }

    private Task<LinkPage?>? FindOrStartAsync(Uri url)
    {
        lock (_gate)
        {
            if (_known.TryGetValue(url.AbsoluteUri, out Entry? known) && known.Until > time.GetUtcNow())
            {
                LinkMetrics.Cached();
                return known.Page;
            }

            if (_fetching >= options.MaxAtOnce) return null;
            _fetching++;
            Entry entry = new(url);
            _known[url.AbsoluteUri] = entry;
            return entry.Page = Task.Run(() => FetchAsync(entry)); // not here: the gate is held
        }
    }

    private async Task<LinkPage?> FetchAsync(Entry entry)
    {
        LinkPage? page = null;
        try
        {
            page = await pages.FetchAsync(entry.Url, CancellationToken.None);
            return page;
        }
        finally
        {
            Keep(entry, page);
        }
    }

    private void Keep(Entry entry, LinkPage? page)
    {
        lock (_gate)
        {
            _fetching--;
            entry.Until = time.GetUtcNow() + (page is null ? FailureLife : Life);
            entry.ImageBytes = page?.Image?.Bytes.Length ?? 0;
            _imageBytes += entry.ImageBytes;
            _byAge.Enqueue(entry);
            while (_byAge.Count > MaxPages || _imageBytes > MaxImageBytes)
            {
                Entry oldest = _byAge.Dequeue();
                _imageBytes -= oldest.ImageBytes;
                string name = oldest.Url.AbsoluteUri;
                if (_known.TryGetValue(name, out Entry? known) && known == oldest) _known.Remove(name);
            }
        }
    }

    private sealed class Entry(Uri url)
    {
        public Uri Url { get; } = url;

        public Task<LinkPage?> Page { get; set; } = Task.FromResult<LinkPage?>(null);

        /// <summary>While it is fetched, for as long as that takes.</summary>
        public DateTimeOffset Until { get; set; } = DateTimeOffset.MaxValue;

        public long ImageBytes { get; set; }
    }
}
