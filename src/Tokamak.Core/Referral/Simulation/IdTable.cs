using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace Tokamak.Core.Referral.Simulation;

/// <summary>
/// Ids numbered from 0 in the order in which they come, kept as UTF-8 in few large blocks: about 30 bytes an id, where a
/// dictionary of texts takes a hundred. Not for use by several threads while ids are added.
/// </summary>
internal sealed class IdTable
{
    public const int None = -1;
    private const int BlockBytes = 1 << 20, FirstSlots = 1 << 10, LengthBytes = sizeof(ushort);

    /// <summary>R1: 100 characters of at most three bytes.</summary>
    private const int MostBytes = 300;

    private readonly List<byte[]> _blocks = [];
    private readonly List<long> _starts = [];
    private int[] _slots = new int[FirstSlots];
    private int _usedOfBlock = BlockBytes;

    public int Count => _starts.Count;

    public string this[int number] => Encoding.UTF8.GetString(Bytes(number));

    /// <summary>The number of an id, new or known.</summary>
    public int Add(string id, out bool isNew)
    {
        Span<byte> buffer = stackalloc byte[MostBytes];
        var bytes = buffer[..Encoding.UTF8.GetBytes(id, buffer)];
        var slot = SlotOf(bytes);
        isNew = _slots[slot] == 0;
        if (!isNew) return _slots[slot] - 1;
        Store(bytes);
        _slots[slot] = Count;
        if (Count * 2 > _slots.Length) Grow();
        return Count - 1;
    }

    public int Find(string id)
    {
        Span<byte> buffer = stackalloc byte[MostBytes];
        return _slots[SlotOf(buffer[..Encoding.UTF8.GetBytes(id, buffer)])] - 1;
    }

    /// <summary>Orders two ids as R1 compares texts: by their bytes.</summary>
    public int Compare(int a, int b) => Bytes(a).SequenceCompareTo(Bytes(b));

    private ReadOnlySpan<byte> Bytes(int number)
    {
        var start = _starts[number];
        var block = _blocks[(int)(start / BlockBytes)].AsSpan((int)(start % BlockBytes));
        return block.Slice(LengthBytes, MemoryMarshal.Read<ushort>(block));
    }

    private void Store(ReadOnlySpan<byte> bytes)
    {
        if (_usedOfBlock + LengthBytes + bytes.Length > BlockBytes)
        {
            _blocks.Add(new byte[BlockBytes]);
            _usedOfBlock = 0;
        }
        var block = _blocks[^1].AsSpan(_usedOfBlock);
        MemoryMarshal.Write(block, (ushort)bytes.Length);
        bytes.CopyTo(block[LengthBytes..]);
        _starts.Add(((_blocks.Count - 1L) * BlockBytes) + _usedOfBlock);
        _usedOfBlock += LengthBytes + bytes.Length;
    }

    /// <summary>Where an id stands, or the free slot where it would.</summary>
    private int SlotOf(ReadOnlySpan<byte> bytes)
    {
        var slot = (int)(HashOf(bytes) & (uint)(_slots.Length - 1));
        while (_slots[slot] != 0 && !Bytes(_slots[slot] - 1).SequenceEqual(bytes)) slot = (slot + 1) & (_slots.Length - 1);
        return slot;
    }

    private void Grow()
    {
        _slots = new int[_slots.Length * 4];
        for (var number = 0; number < Count; number++)
        {
            var slot = (int)(HashOf(Bytes(number)) & (uint)(_slots.Length - 1));
            while (_slots[slot] != 0) slot = (slot + 1) & (_slots.Length - 1);
            _slots[slot] = number + 1;
        }
    }

    private static uint HashOf(ReadOnlySpan<byte> bytes)
    {
        unchecked
        {
            var hash = (ulong)bytes.Length;
            for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
                hash = BitOperations.RotateLeft((hash ^ MemoryMarshal.Read<ulong>(bytes)) * 0x9E3779B97F4A7C15, 29);
            ulong rest = 0;
            foreach (var letter in bytes) rest = (rest << 8) | letter;
            hash = (hash ^ rest) * 0xBF58476D1CE4E5B9;
            return (uint)((hash ^ (hash >> 31)) * 0x94D049BB133111EB >> 32);
        }
    }
}
