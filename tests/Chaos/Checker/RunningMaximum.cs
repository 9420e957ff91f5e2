namespace Chat.Chaos.Checker;

/// <summary>"What was the highest value that was done before a moment": built once, asked in log n.</summary>
internal sealed class RunningMaximum<TValue>
{
    private readonly List<(long Done, long Value, TValue Of)> _points = [];
    private bool _isReady;

    public void Add(long done, long value, TValue of) => _points.Add((done, value, of));

    /// <summary>
    /// The highest value of those done before the moment; false if there was none. No <see cref="Add"/> after the first question.
    /// </summary>
    public bool TryGetBefore(long moment, out long value, out TValue of)
    {
        if (!_isReady) Prepare();
        int low = 0, high = _points.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_points[middle].Done < moment) low = middle + 1;
            else high = middle;
        }

        (_, value, of) = low == 0 ? default : _points[low - 1];
        return low > 0;
    }

    private void Prepare()
    {
        _points.Sort(static (x, y) => x.Done.CompareTo(y.Done));
        for (int i = 1; i < _points.Count; i++)
            if (_points[i - 1].Value > _points[i].Value) _points[i] = (_points[i].Done, _points[i - 1].Value, _points[i - 1].Of);
        _isReady = true;
    }
}
