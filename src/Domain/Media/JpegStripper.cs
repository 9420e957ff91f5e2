using System.Buffers;
using System.Buffers.Binary;

namespace Chat.Domain.Media;

/// <summary>
/// Copies a JPEG (ITU T.81), piece by piece, without what it tells about its maker: Exif with place and time, XMP, IPTC, comments,
/// thumbnails, and whatever was appended after the picture. Kept are the picture to the bit, JFIF, the colour profile, Adobe's transform
/// and the orientation. Holds one segment, at most 64 KiB. One caller.
/// </summary>
public sealed class JpegStripper : IMetadataStripper
{
    private const int StartOfImage = 0xD8;
    private const int EndOfImage = 0xD9;
    private const int StartOfScan = 0xDA;
    private const int Comment = 0xFE;
    private const int App0 = 0xE0;
    private const int App1 = 0xE1;
    private const int App2 = 0xE2;
    private const int App14 = 0xEE;
    private const int App15 = 0xEF;
    private const int LengthBytes = 2; // a segment's length counts itself, T.81 B.1.1.4

    private readonly ArrayBufferWriter<byte> _segment = new(1024);
    private Place _place = Place.FirstByte;
    private int _marker;
    private int _segmentBytes;
    private bool _scanSeen;
    private bool _orientationKept;

    private enum Place : byte
    {
        FirstByte,
        SecondByte,
        BeforeMarker,
        Marker,
        LengthHigh,
        LengthLow,
        Payload,
        Scan,

        /// <summary>Behind an FF within entropy-coded data, which is not copied yet.</summary>
        ScanMark,

        /// <summary>The picture has ended: what follows is not copied.</summary>
        Ended,

        /// <summary>No JPEG: what was copied is to be thrown away.</summary>
        Broken,
    }

    public bool IsWhole => _place == Place.Ended;

    /// <summary>Width times height as the picture's frame says, T.81 B.2.2; 0 before it came.</summary>
    public long Pixels { get; private set; }

    public void Write(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        while (!input.IsEmpty && _place is not (Place.Ended or Place.Broken))
        {
            int taken = _place switch
            {
                Place.Payload => TakePayload(input, output),
                Place.Scan => TakeScan(input, output),
                _ => TakeByte(input[0], output),
            };
            input = input[taken..];
        }
    }

    private int TakeByte(byte value, IBufferWriter<byte> output)
    {
        switch (_place)
        {
            case Place.FirstByte:
                _place = value == 0xFF ? Place.SecondByte : Place.Broken;
                break;
            case Place.SecondByte:
                _place = value == StartOfImage ? Place.BeforeMarker : Place.Broken;
                output.Write((ReadOnlySpan<byte>)[0xFF, StartOfImage]);
                break;
            case Place.BeforeMarker:
                _place = value == 0xFF ? Place.Marker : Place.Broken;
                break;
            case Place.Marker when value == 0xFF: // fill bytes, T.81 B.1.1.2
                break;
            case Place.Marker:
                TakeMarker(value, output);
                break;
            case Place.LengthHigh:
                (_segmentBytes, _place) = (value << 8, Place.LengthLow);
                break;
            case Place.LengthLow:
                _segmentBytes |= value;
                _place = _segmentBytes < LengthBytes ? Place.Broken : Place.Payload;
                _segmentBytes -= LengthBytes;
                if (_place == Place.Payload && _segmentBytes == 0) EndSegment(output);
                break;
            case Place.ScanMark when value == 0 || value is >= 0xD0 and <= 0xD7: // a stuffed zero or a restart: still the scan
                output.Write((ReadOnlySpan<byte>)[0xFF, value]);
                _place = Place.Scan;
                break;
            default:
                _place = Place.Marker;
                if (value != 0xFF) TakeMarker(value, output);
                break;
        }

        return 1;
    }

    /// <summary>Marks without a length (RSTn, a second SOI, TEM) are at home in scans only: between segments they are an error.</summary>
    private void TakeMarker(byte marker, IBufferWriter<byte> output)
    {
        if (marker == EndOfImage)
        {
            output.Write((ReadOnlySpan<byte>)[0xFF, EndOfImage]);
            _place = _scanSeen ? Place.Ended : Place.Broken;
            return;
        }

        _marker = marker;
        _place = marker < 0xC0 || marker is >= 0xD0 and <= StartOfImage ? Place.Broken : Place.LengthHigh;
    }

    private int TakePayload(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        int taken = Math.Min(input.Length, _segmentBytes - _segment.WrittenCount);
        _segment.Write(input[..taken]);
        if (_segment.WrittenCount == _segmentBytes) EndSegment(output);
        return taken;
    }

    private void EndSegment(IBufferWriter<byte> output)
    {
        ReadOnlySpan<byte> payload = _segment.WrittenSpan;
        if (IsKept(_marker, payload)) WriteSegment(output, _marker, payload);
        else if (_marker == App1 && !_orientationKept && ExifOrientation.TryReadSegment(payload, out int orientation))
        {
            WriteSegment(output, App1, [.. ExifOrientation.Segment, .. ExifOrientation.WriteTiff(orientation)]);
            _orientationKept = true;
        }

        if (IsFrame(_marker) && payload.Length >= 5)
        {
            long height = BinaryPrimitives.ReadUInt16BigEndian(payload[1..]);
            Pixels = Math.Max(Pixels, height * BinaryPrimitives.ReadUInt16BigEndian(payload[3..]));
        }

        _segment.ResetWrittenCount();
        _scanSeen |= _marker == StartOfScan;
        _place = _marker == StartOfScan ? Place.Scan : Place.BeforeMarker;
    }

    private int TakeScan(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        int mark = input.IndexOf((byte)0xFF);
        if (mark < 0)
        {
            output.Write(input);
            return input.Length;
        }

        output.Write(input[..mark]);
        _place = Place.ScanMark;
        return mark + 1;
    }

    /// <summary>SOF0 to SOF15; among their numbers stand DHT, JPG and DAC.</summary>
    private static bool IsFrame(int marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    private static bool IsKept(int marker, ReadOnlySpan<byte> payload) => marker switch
    {
        App0 => payload.StartsWith("JFIF\0"u8), // not JFXX, which is a thumbnail
        App2 => payload.StartsWith("ICC_PROFILE\0"u8),
        App14 => payload.StartsWith("Adobe"u8),
        Comment or (>= App0 and <= App15) => false,
        _ => true,
    };

    private static void WriteSegment(IBufferWriter<byte> output, int marker, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = output.GetSpan(4);
        (header[0], header[1]) = (0xFF, (byte)marker);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)(payload.Length + LengthBytes));
        output.Advance(4);
        output.Write(payload);
    }
}
