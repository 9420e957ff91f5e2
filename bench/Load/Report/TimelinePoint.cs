namespace Chat.Load.Report;

/// <summary>One interval of the measured time.</summary>
/// <param name="Seconds">Its end, from the beginning of the measured time.</param>
internal readonly record struct TimelinePoint(
    double Seconds, double AckedPerS, double DeliveriesPerS, double P50Ms, double P99Ms, double MaxMs);
