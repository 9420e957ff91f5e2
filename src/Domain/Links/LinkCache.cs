namespace Chat.Domain.Links;

/// <summary>
/// Pages as they were some minutes ago, so that one that many link to is asked for once; who asks meanwhile waits for the same answer. What is
/// public, so nobody's in particular. Bounds in number, bytes and time; and how many are fetched at once, for all and for one. Thread-safe.
/// </summary>
public sealed class LinkCache(ILinkPages pages, LinkPreviewOptions options, TimeProvider time)
{
    private const int MaxPages = 256;
    private const long MaxImageBytes = 16 << 20;

    /// <summary>For one principal, who would take all turns with pages that hang.</summary>
    private const int MaxForOne = 2;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FailureLife = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _known = new(StringComparer.Ordinal);
    private readonly Queue<Entry> _byAge = new();
    private readonly Dictionary<long, int> _fetchingFor = [];
    private long _imageBytes;
    private int _fetching;

    /// <summary>The page, null when there is none; or that too many are being fetched.</summary>
    /// <param name="principalId">Who asks.</param>
    public async Task<Result<LinkPage?>> GetAsync(Uri url, long principalId, CancellationToken ct)
    {
        Task<Result<LinkPage?>>? page = FindOrStartAsync(url, principalId);
        if (page is not null) return await page.WaitAsync(ct); // who gives up leaves it to the others
        LinkMetrics.Busy();
        return LinkFailures.Busy();
    }

    private Task<Result<LinkPage?>>? FindOrStartAsync(Uri url, long principalId)
    {
        lock (_gate)
        {
            if (_known.TryGetValue(url.AbsoluteUri, out Entry? known) && known.Until > time.GetUtcNow())
            {
                LinkMetrics.Cached();
                return known.Page;
            }

            int forOne = _fetchingFor.GetValueOrDefault(principalId);
            if (_fetching >= options.MaxAtOnce || forOne >= MaxForOne) return null;
            _fetching++;
            _fetchingFor[principalId] = forOne + 1;
            Entry entry = new(url, principalId);
            _known[url.AbsoluteUri] = entry;
            return entry.Page = Task.Run(() => FetchAsync(entry)); // not here: the gate is held
        }
    }

    private async Task<Result<LinkPage?>> FetchAsync(Entry entry)
    {
        Result<LinkPage?> page = (LinkPage?)null;
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

    private void Keep(Entry entry, Result<LinkPage?> fetched)
    {
        lock (_gate)
        {
            _fetching--;
            if (--_fetchingFor[entry.For] == 0) _fetchingFor.Remove(entry.For);
            if (!fetched.IsOk)
            {
                Forget(entry);
                return;
            }

            LinkPage? page = fetched.Value;
            entry.Until = time.GetUtcNow() + (page is null ? FailureLife : Life);
            entry.ImageBytes = page?.Image?.Bytes.Length ?? 0;
            _imageBytes += entry.ImageBytes;
            _byAge.Enqueue(entry);
            while (_byAge.Count > MaxPages || _imageBytes > MaxImageBytes)
            {
                Entry oldest = _byAge.Dequeue();
                _imageBytes -= oldest.ImageBytes;
                Forget(oldest);
            }
        }
    }

    private void Forget(Entry entry)
    {
        string name = entry.Url.AbsoluteUri;
        if (_known.TryGetValue(name, out Entry? known) && known == entry) _known.Remove(name);
    }

    private sealed class Entry(Uri url, long principalId)
    {
        public Uri Url { get; } = url;

        /// <summary>Who had it fetched.</summary>
        public long For { get; } = principalId;

        public Task<Result<LinkPage?>> Page { get; set; } = Task.FromResult<Result<LinkPage?>>((LinkPage?)null);

        /// <summary>While it is fetched, for as long as that takes.</summary>
        public DateTimeOffset Until { get; set; } = DateTimeOffset.MaxValue;

        public long ImageBytes { get; set; }
    }
}
